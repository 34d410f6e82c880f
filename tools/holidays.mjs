// Writes data/holidays/<CC>.txt from the npm package date-holidays, with our corrections.
//
//   mkdir /tmp/holidays && npm install --prefix /tmp/holidays date-holidays@3.37.0
//   NODE_PATH=/tmp/holidays/node_modules node tools/holidays.mjs data/holidays
//
// The package is not needed to build or run Arrears: the files are committed and embedded.
// Half days are left out (the office works), multi-day holidays are written day by day.
import { createRequire } from "node:module";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";

const require = createRequire(import.meta.url);
const entry = require.resolve("date-holidays", { paths: [process.env.NODE_PATH ?? "."] });
const Holidays = require(entry);
const packageRoot = entry.slice(0, entry.lastIndexOf("date-holidays") + "date-holidays".length);
const { version } = JSON.parse(readFileSync(join(packageRoot, "package.json"), "utf8"));

const firstYear = 2010;
const lastYear = 2035;

const countries = (
  "AE AR AT AU BE BG BR CA CH CL CN CO CY CZ DE DK EE ES FI FR GB GR HK HR HU IE IL IN IS IT JP " +
  "KR LT LU LV MT MX NL NO NZ PL PT RO SE SG SI SK TR TW US ZA"
).split(" ");

const weekends = { IL: "Fri Sat" };

// Days of the package's type "bank" on which, by law or bank practice, nothing falls due:
// SE lag (1930:173) s. 2, FI law 150/1930 s. 5, BR bank holidays of Carnival and Corpus Christi,
// IE Good Friday and St Stephen's Day.
const bankDays = {
  BR: /^(Carnival|Corpus Christi)$/,
  FI: /^(Midsummer|Christmas) Eve$/,
  IE: /./,
  SE: /./,
};

const day = (date) => new Date(`${date}T00:00:00Z`);
const shifted = (date, days) =>
  new Date(day(date).getTime() + days * 86400000).toISOString().slice(0, 10);
const everyYear = (monthDay, name, from = firstYear, to = lastYear) =>
  Array.from({ length: to - from + 1 }, (_, i) => ({ date: `${from + i}-${monthDay}`, name }));
const weekdayName = (date) => day(date).toUTCString().slice(0, 3);
/// The days that stand in, so many days later, for a fixed day that falls on a weekend.
const observed = (monthDay, later, name) =>
  everyYear(monthDay, `${name} (observed)`)
    .filter((h) => later[weekdayName(h.date)])
    .map((h) => ({ ...h, date: shifted(h.date, later[weekdayName(h.date)]) }));
const rename = (names) => (list) => list.map((h) => ({ ...h, name: names[h.name] ?? h.name }));
const shift = (name, days) => (list) =>
  list.map((h) => (h.name === name ? { ...h, date: shifted(h.date, days) } : h));
const inBritishColumbia = (pattern) =>
  daysOf("CA", "BC").filter((h) => pattern.test(h.name));

/// What the package has wrong or lacks: (days, region) -> days. Region "" is the country alone.
const corrections = {
  // Cabinet Resolution 27/2024: neither is a holiday; Arafat Day and 3 December are.
  AE: (list) => [
    ...list.filter((h) => !/Laylat|First day of Ramadan/.test(h.name)),
    ...list
      .filter((h, i) => /Adha/.test(h.name) && list[i - 1]?.name !== h.name)
      .map((h) => ({ date: shifted(h.date, -1), name: "Arafat Day" })),
    ...everyYear("12-03", "National Day"),
  ],
  // The country alone: general holidays of the Canada Labour Code. Truth and Reconciliation: the
  // provinces by their own acts. Easter Monday is no public holiday of Ontario (ESA 2000 s. 1).
  CA: (list, region) => {
    const since = { "": 2021, NT: 2022, PE: 2022, BC: 2023, YT: 2023, MB: 2024 }[region];
    if (region === "ON") list = list.filter((h) => h.name !== "Easter Monday");
    if (region === "") {
      list = [
        ...list,
        ...inBritishColumbia(/^(Victoria Day|Thanksgiving|Remembrance Day)$/),
        ...everyYear("12-26", "Boxing Day"),
      ];
    }
    if (!since) return list;
    const lacking = everyYear("09-30", "National Day for Truth and Reconciliation", since);
    return [...list, ...lacking.filter((a) => !list.some((h) => h.date === a.date))];
  },
  CH: rename({ Bundesfeiertag: "Swiss National Day" }),
  // Children's Day frees children only. State Council decree 795 adds two days from 2025.
  CN: (list) => [
    ...list.filter((h) => h.name !== "Children's Day"),
    ...list
      .filter((h, i) => h.name === "Spring Festival" && list[i + 1]?.name !== h.name)
      .filter((h) => h.date >= "2025")
      .map((h) => ({ ...h, date: shifted(h.date, 1) })),
    ...everyYear("05-02", "Labour Day", 2025),
  ],
  CY: shift("Clean Monday", -1), // 48 days before Easter; the package counts 47
  DE: rename({ "National Holiday": "German Unity Day" }),
  // Royal proclamations: the wedding of 29 April 2011; in 2012 the spring holiday was on 4 June.
  // The World Cup holiday of 2026 is Scotland's. The country alone means England and
  // Wales: it has the summer holiday of late August.
  GB: (list, region) => [
    ...list.map((h) => (h.date === "2012-05-28" ? { ...h, date: "2012-06-04" } : h)),
    { date: "2011-04-29", name: "Royal wedding" },
    ...(region === "SCT" ? [{ date: "2026-06-15", name: "World Cup bank holiday" }] : []),
    ...(region === "" ? daysOf("GB", "ENG").filter((h) => /^Summer/.test(h.name)) : []),
  ],
  GR: rename({ "Ash Sunday": "Clean Monday" }),
  // The day of 2022 by its own act; else the closing days of the banks.
  IE: (list) => [
    ...list,
    { date: "2022-03-18", name: "Day of Remembrance and Recognition" },
    ...observed("01-01", { Sat: 2, Sun: 1 }, "New Year's Day"),
    ...observed("12-25", { Sat: 2, Sun: 2 }, "Christmas Day"),
    ...observed("12-26", { Sat: 2, Sun: 2 }, "St. Stephen's Day"),
  ],
  KR: shift("Korean New Year", -1), // the three days begin on the eve
  US: rename({ "Labour Day": "Labor Day" }),
};

const cache = new Map();
/// All days of a country (region "") or region, in order: [{date, name}], each once.
function daysOf(country, region) {
  const key = `${country}-${region}`;
  if (cache.has(key)) return cache.get(key);
  const options = { languages: ["en"] };
  const source = region
    ? new Holidays(country, region, options)
    : new Holidays(country, options);
  let list = [];
  for (let year = firstYear - 1; year <= lastYear + 1; ++year) {
    for (const h of source.getHolidays(year)) {
      const bank = h.type === "bank" && bankDays[country]?.test(h.name);
      if ((h.type !== "public" && !bank) || h.date.slice(11, 16) !== "00:00") continue;
      const date = h.date.slice(0, 10);
      const name = h.name.replaceAll("\u2019", "'").replace(" (substitute day)", " (observed)");
      // Two hours of grace: a day on which the clock changes has 23 hours.
      const length = Math.floor(((h.end - h.start) / 3600000 + 2) / 24);
      for (let i = 0; i < length; ++i) list.push({ date: shifted(date, i), name });
    }
  }
  list = (corrections[country] ?? ((same) => same))(list, region)
    .filter((h) => h.date >= `${firstYear}-01-01` && h.date <= `${lastYear}-12-31`)
    .sort((a, b) => (a.date < b.date ? -1 : a.date > b.date ? 1 : a.name < b.name ? -1 : 1))
    .filter((h, i, all) => i === 0 || h.date !== all[i - 1].date || h.name !== all[i - 1].name);
  cache.set(key, list);
  return list;
}

/// "" everywhere, "[BW BY] " in these regions only, "[not SCT] " in all but these.
function where(isNational, within, regions) {
  if (isNational && within.length === regions.length) return "";
  if (!isNational) return `[${within.join(" ")}] `;
  return `[not ${regions.filter((r) => !within.includes(r)).join(" ")}] `;
}

const folder = process.argv[2];
for (const country of countries) {
  const regions = Object.keys(new Holidays().getStates(country) ?? {}).sort();
  const lines = new Map(); // "date name" -> set of regions, "" for the country alone
  const national = new Map(daysOf(country, "").map((h) => [h.date, h.name]));
  for (const region of ["", ...regions]) {
    for (const { date, name } of daysOf(country, region)) {
      // A day has one line for the whole country: regional names of it are noise.
      const key = `${date} ${national.get(date) ?? name}`;
      lines.set(key, (lines.get(key) ?? new Set()).add(region));
    }
  }
  const body = [...lines.entries()]
    .map(([key, within]) => {
      const place = where(within.has(""), [...within].filter((r) => r !== ""), regions);
      return `${key.slice(0, 11)}${place}${key.slice(11)}`;
    })
    .sort((a, b) => (a < b ? -1 : 1));
  const text = [
    `# Public holidays of ${new Holidays().getCountries("en")[country]}.`,
    `# Source: date-holidays ${version}, https://github.com/commenthol/date-holidays`,
    "# Licence of this file: CC BY-SA 3.0 (NOTICE). Made and changed by tools/holidays.mjs.",
    `years ${firstYear} ${lastYear}`,
    `weekend ${weekends[country] ?? "Sat Sun"}`,
    ...(regions.length ? [`regions ${regions.join(" ")}`] : []),
    ...body,
  ];
  writeFileSync(join(folder, `${country}.txt`), text.join("\n") + "\n");
}
