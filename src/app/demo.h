#pragma once

#include "app/command.h"

/// The demonstration company: two years of a collections desk, the same to the cent every time.
namespace arrears::app {

/// Code of the entity.
constexpr std::string_view demo_entity = "DEMO";

struct DemoOptions {
  int percent = 100;  ///< of the full size of about 2,000 customers and 20,000 invoices; 1..100
  std::function<void(Date)> progress;  ///< called at the start of each business day; may be empty
};

/// First and last business date of the demonstration: 2024-07-01 and 2026-06-30.
Date demo_first_day();
Date demo_last_day();

/// Makes the company in an empty store: customers and groups, invoices, payments, credits,
/// disputes, calls and promises, and the runs with their worklists: monthly, in the last half
/// year weekly, in the last three weeks daily. The clock is moved from day to day, so that the
/// recorded history is two years long too: checkpoints are weekly at least. The store must have
/// been given the same clock. Answers `{entity, customers, invoices, payments, calls, promises,
/// runs, as_of}`. Refused (entity_exists) where the store has an entity already.
Result<Json> make_demo(Store& store, base::FixedClock& clock, const DemoOptions& options);

}  // namespace arrears::app
