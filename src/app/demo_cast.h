#pragma once

#include <string>
#include <vector>

#include "app/customers.h"
#include "app/demo_random.h"

/// Inside the demonstration: who buys, how they pay, and who works at the desk.
namespace arrears::app {

enum class DemoPayer : unsigned char { prompt, slightly_late, late, erratic, bad };

struct DemoCustomer {
  CustomerRow row;
  std::vector<ContactRow> contacts;
  money::Currency currency;
  DemoPayer payer = DemoPayer::prompt;
  bool often_disputes = false;
  bool takes_discount = false;  ///< terms are 2 % within 10 days
  int terms_days = 30;
  int weight = 1;             ///< share of the invoices
  std::int64_t smallest = 0;  ///< invoice amounts in minor units
  std::int64_t largest = 0;
  std::string collector;
  Date joined;  ///< no invoice before it
};

/// The customers, head offices before their branches.
std::vector<DemoCustomer> make_demo_cast(DemoRandom& random, int customers, Date first_day);

/// Who escalated customers are for.
constexpr std::string_view demo_manager = "mara";
/// The collectors and the segments of their books; export is Ben's by country.
struct DemoBook {
  std::string_view name;
  std::string_view collector;
  std::string_view segments;
  std::string_view countries;
};
constexpr std::array<DemoBook, 4> demo_books = {{
    {"Key accounts", "anna", "key_account", ""},
    {"Export", "ben", "", "DE,FR,IE"},
    {"Industry", "carla", "industry", ""},
    {"Trade and services", "dev", "trade,services", ""},
}};

}  // namespace arrears::app
