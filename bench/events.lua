-- Requests for wrk: EVENTS events a request to /v1/events, or the same body to a handler that does nothing.
local path, many = os.getenv("BENCH_PATH"), tonumber(os.getenv("BENCH_EVENTS"))
local event = '{"event_name":"trend_discovery","event_type":"api_call","user_id":"user-%d","session_id":"0190f6a0-0000-7000-8000-%012d",'
    .. '"platform":"web","country":"DE","user_agent":"Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/%d.0.0.0 Safari/537.36",'
    .. '"properties":{"platform":"youtube","niche":"AI tools","path":"/trends","duration_ms":123}}'
local sent = 0

function request()
  local events = {}
  for place = 1, many do
    sent = sent + 1
    events[place] = event:format(sent % 5000, math.floor(sent / 8), 100 + sent % 50)
  end
  local body = many == 1 and events[1] or "[" .. table.concat(events, ",") .. "]"
  return wrk.format("POST", path, { ["Content-Type"] = "application/json" }, body)
end
