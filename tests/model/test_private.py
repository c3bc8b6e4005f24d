"""Properties that tell where somebody is are known by their names, however these are spelled."""

from __future__ import annotations

import pytest

from viralforge.model.private import NAMING, without_addresses, without_names


@pytest.mark.parametrize(
    "key",
    ["$ip", "ip", "IP", "ip_address", "ipAddress", "IP-Address", "$current_ip", "clientIp", "client_ip",
     "remote_addr", "REMOTE_ADDR", "X-Forwarded-For", "x-real-ip", "cf-connecting-ip", "$initial_ip",
     "$geoip_city_name", "$geoip_latitude", "$geoip_longitude", "$geoip_postal_code", "$geoip_time_zone",
     "$geoip_subdivision_1_name", "$geoip_accuracy_radius", "$initial_geoip_city_name", "geoip"],
)  # fmt: skip
def test_an_address_and_what_was_derived_from_it_go_at_any_depth(key: str) -> None:
    given = {key: "x", "plan": 1, "$set": {key: "x"}, "$set_once": {"a": {key: "x"}}, "list": [[{key: "x"}]]}
    assert without_addresses(given) == {"plan": 1, "$set": {}, "$set_once": {"a": {}}, "list": [[{}]]}


@pytest.mark.parametrize(
    "key",
    ["$geoip_country_code", "$initial_geoip_country_name", "$geoip_continent_code", "$geoip_disable", "zip",
     "tip", "script", "ship_address", "description", "$session_id", "equip", "trip_ip_count", "recipient"],
)  # fmt: skip
def test_everything_else_is_kept(key: str) -> None:
    given = {key: {"b": [1, None, True]}}
    assert without_addresses(given) == given


def test_names_go_and_the_rest_stays() -> None:
    assert without_names(dict.fromkeys(NAMING, "u1") | {"plan": "pro"}) == {"plan": "pro"}
