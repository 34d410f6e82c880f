#include "app/demo_cast.h"

#include "base/text.h"

namespace arrears::app {

namespace {

// Invented names only; telephone numbers and mail domains are of the ranges reserved for fiction:
// 555-0100 to 555-0199 (NANP), (0)30 23125 (Bundesnetzagentur), 01 99 00 (ARCEP), 020 91x (ComReg),
// and .example (RFC 2606).
constexpr std::array<std::string_view, 70> words = {
    "Aldermoor",   "Brackenfell", "Cindervale",  "Dunmarrow",   "Elmsgate",   "Fernhollow",
    "Galebridge",  "Harrowmere",  "Ivystead",    "Juniperlea",  "Kestrelby",  "Larkmoor",
    "Marlowick",   "Nettlecombe", "Oakhurstley", "Pinderfield", "Quillmere",  "Rookhaven",
    "Silverholt",  "Thornbeck",   "Umberlyn",    "Vantrill",    "Wexbourne",  "Yarrowgate",
    "Zephyrine",   "Ashlingford", "Birchenhold", "Copperdell",  "Drakesmoor", "Emberlow",
    "Foxglenn",    "Greymantle",  "Hollowby",    "Inglestow",   "Jasperwick", "Knollbrook",
    "Lindenmarch", "Moorsend",    "Northwyke",   "Otterleigh",  "Pellworth",  "Quarryside",
    "Ravensholt",  "Saltmarch",   "Tillerby",    "Underhay",    "Valemount",  "Winterbourn",
    "Yewbarrow",   "Zinnover",    "Amberwick",   "Bramblecote", "Clearwend",  "Dovermere",
    "Eastwyn",     "Flintholm",   "Goldenfirth", "Heatherby",   "Ironlea",    "Jettisham",
    "Kingsmarrow", "Lowenthal",   "Millbarrow",  "Newsham",     "Orchardene", "Plumbeck",
    "Ridgewend",   "Stonelark",   "Tamarquay",   "Upperholm"};
constexpr std::array<std::string_view, 30> trades = {
    "Machining", "Fabrication", "Controls", "Hydraulics", "Packaging", "Foods",
    "Textiles",  "Marine",      "Robotics", "Tooling",    "Plastics",  "Castings",
    "Electric",  "Instruments", "Supply",   "Hardware",   "Logistics", "Interiors",
    "Optics",    "Coatings",    "Pumps",    "Bearings",   "Motors",    "Lighting",
    "Furniture", "Outfitters",  "Cooling",  "Printing",   "Labs",      "Filters"};
constexpr std::array<std::string_view, 4> american_forms = {"Inc.", "LLC", "Corp.", "Co."};
constexpr std::array<std::string_view, 12> towns = {"Dayton", "Toledo", "Reno",  "Tulsa",
                                                    "Boise",  "Akron",  "Macon", "Provo",
                                                    "Salem",  "Utica",  "Fargo", "Waco"};
constexpr std::array<std::string_view, 24> first_names = {
    "Alice", "Bruno", "Chloe", "Derek", "Elena",  "Felix", "Grace",  "Hugo",
    "Irene", "Jonas", "Karen", "Louis", "Marta",  "Neil",  "Olga",   "Peter",
    "Quinn", "Rosa",  "Simon", "Tanya", "Ulrich", "Vera",  "Walter", "Yvonne"};
constexpr std::array<std::string_view, 24> last_names = {
    "Abbott",  "Becker", "Carver", "Dalton", "Ellison", "Fischer", "Garner", "Hobbs",
    "Ingram",  "Jensen", "Keller", "Lowry",  "Mercer",  "Nolan",   "Osborn", "Parker",
    "Quigley", "Reeves", "Sutton", "Tucker", "Vance",   "Walsh",   "Yates",  "Zeller"};
constexpr std::array<std::string_view, 6> area_codes = {"212", "312", "404", "503", "602", "713"};

struct Place {
  std::string_view country;
  std::string_view language;
  std::string_view form;
  std::string_view prefix;  ///< of fictional telephone numbers, two digits follow
};
constexpr std::array<Place, 3> abroad = {{{"DE", "de", "GmbH", "+4930231250"},
                                          {"FR", "fr", "SARL", "+331990000"},
                                          {"IE", "en", "Ltd", "+3532091200"}}};

std::string two_digits(std::int64_t value) {
  return (value < 10 ? "0" : "") + std::to_string(value);
}

/// The n-th of the 2,100 pairs of word and trade, in an order without visible pattern.
std::string trade_name(int n) {
  constexpr int pairs = static_cast<int>(words.size() * trades.size());
  const int mixed = (n * 1009 + 17) % pairs;
  return std::string(words[static_cast<std::size_t>(mixed) / trades.size()]) + " " +
         std::string(trades[static_cast<std::size_t>(mixed) % trades.size()]);
}

std::string domain_of(std::string_view name) {
  std::string domain;
  for (const char c : base::to_lower_ascii(name))
    if (c >= 'a' && c <= 'z') domain += c;
  return domain + ".example";
}

ContactRow make_contact(DemoRandom& random, const DemoCustomer& customer, std::string_view role,
                        int number, std::string_view domain) {
  ContactRow contact;
  contact.customer = customer.row.number;
  contact.reference = customer.row.number + "-" + std::to_string(number);
  const std::string first(random.pick(first_names));
  const std::string last(random.pick(last_names));
  contact.name = first + " " + last;
  contact.role = role;
  contact.language = customer.row.language;
  const std::int64_t line = random.below(100);
  if (customer.row.country == "US") {
    contact.phone = "+1" + std::string(random.pick(area_codes)) + "55501" + two_digits(line);
    contact.time_zone = "America/New_York";
  } else {
    for (const Place& place : abroad)
      if (place.country == customer.row.country)
        contact.phone = std::string(place.prefix) + two_digits(line);
  }
  if (random.percent(92)) {
    contact.email =
        base::to_lower_ascii(first) + "." + base::to_lower_ascii(last) + "@" + std::string(domain);
  }
  return contact;
}

void add_contacts(DemoRandom& random, DemoCustomer& customer, std::string_view name) {
  if (random.percent(6)) return;  // nobody on file: the contact has to be found first
  const std::string domain = domain_of(name);
  customer.contacts.push_back(make_contact(random, customer, "accounts payable", 1, domain));
  if (random.percent(45))
    customer.contacts.push_back(make_contact(random, customer, "finance director", 2, domain));
  if (random.percent(20))
    customer.contacts.push_back(make_contact(random, customer, "purchasing", 3, domain));
}

void choose_size(DemoRandom& random, DemoCustomer& customer) {
  const std::int64_t size = random.below(100);
  if (size < 8) {
    customer.row.segment = "key_account";
    customer.weight = 48;
    customer.smallest = 250'000;
    customer.largest = 5'500'000;
  } else if (size < 45) {
    customer.row.segment = "industry";
    customer.weight = 14;
    customer.smallest = 40'000;
    customer.largest = 900'000;
  } else {
    customer.row.segment = random.percent(60) ? "trade" : "services";
    customer.weight = 4;
    customer.smallest = 6'000;
    customer.largest = 180'000;
  }
}

void choose_manner(DemoRandom& random, DemoCustomer& customer) {
  const std::int64_t manner = random.below(100);
  customer.payer = manner < 46   ? DemoPayer::prompt
                   : manner < 73 ? DemoPayer::slightly_late
                   : manner < 88 ? DemoPayer::late
                   : manner < 96 ? DemoPayer::erratic
                                 : DemoPayer::bad;
  customer.often_disputes = random.percent(5);
  const std::int64_t terms = random.below(100);
  customer.takes_discount = terms < 14;
  customer.terms_days = terms < 64 ? 30 : terms < 80 ? 45 : terms < 90 ? 60 : 14;
}

}  // namespace

std::vector<DemoCustomer> make_demo_cast(DemoRandom& random, int customers, Date first_day) {
  std::vector<DemoCustomer> cast;
  int groups_left = std::max(1, customers * 30 / 2000);
  int branches_left = 0;
  std::string head;
  std::string head_name;
  for (int n = 0; n < customers; ++n) {
    DemoCustomer customer;
    customer.row.number = "C" + std::to_string(10'001 + n);
    customer.row.country = "US";
    customer.row.language = "en";
    std::string name = trade_name(n);
    choose_size(random, customer);
    choose_manner(random, customer);
    customer.currency = *money::parse_currency("USD");
    customer.joined = random.percent(85) ? first_day : first_day + random.days(10, 640);
    if (branches_left > 0) {
      --branches_left;
      customer.row.parent = head;
      customer.joined = first_day;
      name = head_name;
      customer.row.name = name + ", " + std::string(towns[static_cast<std::size_t>(branches_left)]);
    } else if (groups_left > 0) {
      --groups_left;
      branches_left = random.days(3, 12);
      head = customer.row.number;
      head_name = name;
      customer.joined = first_day;
      customer.row.name = name + " Group";
    } else if (random.percent(12)) {
      const Place& place = abroad[static_cast<std::size_t>(random.below(abroad.size()))];
      customer.row.country = place.country;
      customer.row.language = place.language;
      customer.row.name = name + " " + std::string(place.form);
      customer.currency = *money::parse_currency("EUR");
      customer.row.segment = "export";
    } else {
      customer.row.name = name + " " + std::string(random.pick(american_forms));
    }
    customer.row.since =
        customer.joined == first_day ? first_day - random.days(30, 3000) : customer.joined;
    for (const DemoBook& book : demo_books) {
      const bool taken = book.segments.empty()
                             ? customer.row.segment == "export"
                             : book.segments.find(customer.row.segment) != std::string_view::npos;
      if (taken) customer.collector = book.collector;
    }
    add_contacts(random, customer, name);
    cast.push_back(std::move(customer));
  }
  return cast;
}

}  // namespace arrears::app
