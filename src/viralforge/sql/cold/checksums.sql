SELECT count(*), sum(hash(read)::HUGEINT), count(COLUMNS(*)), sum(hash(COLUMNS(*))::HUGEINT) FROM read
