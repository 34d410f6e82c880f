#!/usr/bin/env python3
"""Writes where telephone numbers and countries lie: data/guard/us/area_codes.txt and
data/guard/standard/countries.txt.

From libphonenumber (resources/timezones/map_data.txt and resources/PhoneNumberMetadata.xml) and
zone.tab of tzdata. Exchanges of a North American area code (+1312) are folded into it with all
their zones, because numbers move between them. Other numbers tell their country only: a mobile
number says nothing about the place within it.

Usage: guard_places.py LIBPHONENUMBER_FOLDER [ZONE_TAB]
"""
import re
import sys
from pathlib import Path

SOURCE = ("# Source: libphonenumber 9.0.35 (Apache License 2.0), tzdata 2026f (public domain); "
          "NOTICE.\n")
MADE = "# Made by tools/guard_places.py.\n"


def zones_by_prefix(text):
    found = {}
    for line in text.splitlines():
        if "|" not in line or line.startswith("#"):
            continue
        prefix, zones = line.split("|")
        found.setdefault(prefix, set()).update(zones.split("&"))
    return found


def area_codes(found):
    """Zones by North American area code."""
    folded = {}
    for prefix, zones in found.items():
        if prefix.startswith("1") and len(prefix) >= 4:
            folded.setdefault(prefix[:4], set()).update(zones)
    return folded


def territories(xml):
    """(country, calling code, trunk prefix)"""
    for head in re.findall(r"<territory\s[^>]*>", xml):
        given = dict(re.findall(r'(\w+)="([^"]*)"', head))
        if re.fullmatch("[A-Z]{2}", given["id"]):
            yield given["id"], given["countryCode"], given.get("nationalPrefix", "-")


def write(path, head, lines):
    Path(path).write_text(head + SOURCE + MADE + "".join(line + "\n" for line in lines))


def main():
    root = Path(sys.argv[1])
    table = Path(sys.argv[2] if len(sys.argv) > 2 else "/usr/share/zoneinfo/zone.tab")
    countries = {}
    for line in table.read_text().splitlines():
        if line and not line.startswith("#"):
            country, _, zone = line.split("\t")[:3]
            countries.setdefault(country, []).append(zone)
    known = list(territories((root / "resources/PhoneNumberMetadata.xml").read_text()))
    found = zones_by_prefix((root / "resources/timezones/map_data.txt").read_text())
    write("data/guard/us/area_codes.txt",
          "# Time zones of the North American area codes: every zone that a number may lie in.\n",
          [f"{key} {' '.join(sorted(zones))}" for key, zones in sorted(area_codes(found).items())])
    write("data/guard/standard/countries.txt",
          "# Countries: calling code, trunk prefix (- for none), time zones.\n",
          [f"{country} {code} {trunk} {' '.join(countries[country])}"
           for country, code, trunk in sorted(known) if country in countries])


main()
