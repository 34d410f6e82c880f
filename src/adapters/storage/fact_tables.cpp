#include "adapters/storage/facts.h"

/// The columns of migrations/, in their order. A test compares them with the real schema.
namespace arrears::storage::facts {

namespace {

constexpr FactColumn i64(std::string_view name) { return {name, Value::Kind::integer, false}; }
constexpr FactColumn text(std::string_view name) { return {name, Value::Kind::text, false}; }
constexpr FactColumn blob(std::string_view name) { return {name, Value::Kind::blob, false}; }
constexpr FactColumn maybe(FactColumn column) { return {column.name, column.type, true}; }

constexpr FactColumn allocation_columns[] = {i64("part"),
                                             i64("customer_id"),
                                             i64("allocation_id"),
                                             i64("entry_id"),
                                             i64("kind"),
                                             maybe(i64("payment_id")),
                                             maybe(i64("credit_id")),
                                             maybe(i64("credit_instalment")),
                                             i64("document_id"),
                                             i64("instalment_no"),
                                             i64("allocated_on"),
                                             i64("amount_minor"),
                                             i64("source_minor"),
                                             maybe(i64("reverses_id"))};
constexpr FactColumn api_token_columns[] = {
    i64("part"),   i64("token_id"), i64("version"),   i64("entry_id"),   i64("person_id"),
    text("label"), text("rights"),  text("entities"), i64("expires_at"), i64("revoked")};
constexpr FactColumn book_columns[] = {
    i64("part"),      i64("book_id"),  i64("version"),          i64("entry_id"),
    i64("entity_id"), text("name"),    text("collector"),       text("manager"),
    i64("priority"),  text("numbers"), text("number_patterns"), text("countries"),
    text("segments"), i64("from_day"), maybe(i64("until_day"))};
constexpr FactColumn calendar_day_columns[] = {i64("part"),    i64("entity_id"), i64("day"),
                                               i64("version"), i64("entry_id"),  i64("is_holiday"),
                                               text("name")};
constexpr FactColumn call_columns[] = {i64("part"),
                                       i64("party_id"),
                                       i64("call_id"),
                                       i64("version"),
                                       i64("entry_id"),
                                       i64("entity_id"),
                                       maybe(i64("customer_id")),
                                       i64("business_date"),
                                       i64("started_at"),
                                       i64("ended_at"),
                                       i64("entered_at"),
                                       i64("direction"),
                                       maybe(i64("contact_id")),
                                       i64("line_outcome"),
                                       maybe(i64("disposition")),
                                       text("delay_reason"),
                                       maybe(i64("next_action")),
                                       maybe(i64("next_action_on")),
                                       maybe(text("next_action_owner")),
                                       maybe(text("next_action_reason")),
                                       text("author"),
                                       maybe(text("amendment_reason")),
                                       maybe(blob("sealed_text"))};
constexpr FactColumn call_item_columns[] = {
    i64("part"),          i64("party_id"),  i64("call_id"),     i64("version"),
    i64("item_no"),       i64("entry_id"),  i64("customer_id"), i64("document_id"),
    i64("instalment_no"), text("currency"), i64("open_minor"),  i64("days_overdue")};
constexpr FactColumn call_review_columns[] = {
    i64("part"),      i64("party_id"),           i64("call_id"), i64("review_no"),
    i64("entry_id"),  i64("call_version"),       i64("mark"),    i64("reviewed_at"),
    text("reviewer"), maybe(blob("sealed_text"))};
constexpr FactColumn consent_columns[] = {i64("part"),    text("address_key"), i64("channel"),
                                          i64("version"), i64("entry_id"),     i64("state"),
                                          i64("on_day"),  text("source")};
constexpr FactColumn contact_columns[] = {i64("part"),    i64("party_id"),  i64("contact_id"),
                                          i64("version"), i64("entry_id"),  text("reference"),
                                          text("role"),   text("language"), text("time_zone"),
                                          i64("active"),  blob("sealed")};
constexpr FactColumn customer_columns[] = {
    i64("part"),     i64("customer_id"), i64("version"),  i64("entry_id"),        i64("entity_id"),
    i64("party_id"), text("number"),     text("segment"), maybe(i64("since_day"))};
constexpr FactColumn delay_reason_columns[] = {i64("part"),    text("code"),
                                               i64("version"), i64("entry_id"),
                                               text("label"),  maybe(i64("retired_on"))};
constexpr FactColumn dispute_mark_columns[] = {i64("part"),
                                               i64("customer_id"),
                                               i64("dispute_mark_id"),
                                               i64("version"),
                                               i64("entry_id"),
                                               i64("document_id"),
                                               maybe(i64("amount_minor")),
                                               i64("from_day"),
                                               maybe(i64("until_day")),
                                               text("reason"),
                                               maybe(text("reason_code")),
                                               maybe(text("owner")),
                                               maybe(i64("due_on")),
                                               maybe(i64("call_id")),
                                               maybe(i64("outcome")),
                                               maybe(text("resolution"))};
constexpr FactColumn document_columns[] = {i64("part"),
                                           i64("customer_id"),
                                           i64("document_id"),
                                           i64("version"),
                                           i64("entry_id"),
                                           i64("kind"),
                                           text("number"),
                                           i64("issued_on"),
                                           text("currency"),
                                           i64("amount_minor"),
                                           maybe(text("payment_method")),
                                           maybe(text("holder")),
                                           maybe(text("reference")),
                                           i64("cancelled"),
                                           maybe(text("reason"))};
constexpr FactColumn due_action_columns[] = {
    i64("part"),     i64("party_id"), i64("entity_id"), i64("business_date"), i64("channel"),
    i64("entry_id"), i64("action"),   i64("level"),     text("items")};
constexpr FactColumn entity_columns[] = {i64("part"),           i64("entity_id"),
                                         i64("version"),        i64("entry_id"),
                                         text("code"),          text("name"),
                                         text("base_currency"), text("time_zone"),
                                         text("calendar"),      i64("promise_tolerance_days")};
constexpr FactColumn follow_up_columns[] = {i64("part"),
                                            i64("party_id"),
                                            i64("follow_up_id"),
                                            i64("version"),
                                            i64("entry_id"),
                                            i64("entity_id"),
                                            i64("kind"),
                                            i64("opened_on"),
                                            i64("due_on"),
                                            text("owner"),
                                            maybe(i64("promise_id")),
                                            maybe(i64("call_id")),
                                            i64("action"),
                                            maybe(i64("closed_on")),
                                            maybe(i64("closing")),
                                            maybe(i64("dispute_mark_id"))};
constexpr FactColumn group_edge_columns[] = {
    i64("part"),     i64("child_party_id"),  i64("from_day"),        i64("version"),
    i64("entry_id"), i64("parent_party_id"), maybe(i64("until_day"))};
constexpr FactColumn guard_decision_columns[] = {
    i64("part"),         i64("party_id"),          i64("call_id"),
    i64("entry_id"),     maybe(i64("contact_id")), i64("channel"),
    i64("asked_at"),     i64("is_allowed"),        i64("rule"),
    text("pack"),        text("time_zone"),        i64("utc_offset"),
    blob("sealed_facts")};
constexpr FactColumn guard_pack_columns[] = {i64("part"),    i64("entity_id"), text("pack"),
                                             i64("version"), i64("entry_id"),  i64("is_on")};
constexpr FactColumn hold_columns[] = {
    i64("part"),     i64("party_id"), i64("hold_id"),          i64("version"),
    i64("entry_id"), i64("from_day"), maybe(i64("until_day")), text("reason")};
constexpr FactColumn import_profile_columns[] = {i64("part"),     text("name"), i64("version"),
                                                 i64("entry_id"), text("kind"), text("options")};
constexpr FactColumn instalment_columns[] = {i64("part"),
                                             i64("customer_id"),
                                             i64("document_id"),
                                             i64("version"),
                                             i64("instalment_no"),
                                             i64("entry_id"),
                                             i64("due_on"),
                                             i64("amount_minor"),
                                             maybe(i64("discount_until")),
                                             maybe(i64("discounted_minor"))};
constexpr FactColumn interaction_columns[] = {
    i64("part"),          i64("party_id"),   i64("interaction_id"),
    i64("version"),       i64("entry_id"),   i64("entity_id"),
    i64("customer_id"),   i64("channel"),    maybe(i64("direction")),
    i64("visible_to"),    i64("is_pinned"),  i64("happened_at"),
    i64("business_date"), i64("entered_at"), text("author"),
    blob("sealed_text")};
constexpr FactColumn party_columns[] = {
    i64("part"),     i64("party_id"),   i64("version"), i64("entry_id"),
    i64("kind"),     text("reference"), text("name"),   maybe(blob("sealed_name")),
    text("country"), text("language"),  i64("stub")};
constexpr FactColumn payment_columns[] = {i64("part"),
                                          i64("customer_id"),
                                          i64("payment_id"),
                                          i64("version"),
                                          i64("entry_id"),
                                          i64("kind"),
                                          text("number"),
                                          i64("value_on"),
                                          text("currency"),
                                          i64("amount_minor"),
                                          maybe(i64("reverses_id")),
                                          maybe(blob("sealed_payer")),
                                          maybe(text("reference")),
                                          i64("cancelled"),
                                          maybe(text("reason"))};
constexpr FactColumn person_columns[] = {
    i64("part"),      i64("person_id"),    i64("version"), i64("entry_id"),
    text("login"),    blob("sealed_name"), text("roles"),  i64("all_entities"),
    text("entities"), text("collectors"),  i64("active")};
constexpr FactColumn promise_columns[] = {
    i64("part"),           i64("party_id"),  i64("promise_id"),   i64("entry_id"),
    i64("entity_id"),      text("number"),   i64("made_on"),      i64("due_on"),
    i64("tolerance_days"), text("currency"), i64("amount_minor"), maybe(i64("contact_id")),
    maybe(i64("call_id"))};
constexpr FactColumn promise_event_columns[] = {i64("part"),     i64("party_id"), i64("promise_id"),
                                                i64("event_no"), i64("entry_id"), i64("kind"),
                                                i64("on_day"),   text("reason")};
constexpr FactColumn promise_item_columns[] = {
    i64("part"),        i64("party_id"),      i64("promise_id"),
    i64("item_no"),     i64("entry_id"),      i64("customer_id"),
    i64("document_id"), i64("instalment_no"), i64("amount_minor")};
constexpr FactColumn rate_columns[] = {i64("part"),    text("base"),   text("quote"),
                                       i64("rate_on"), i64("version"), i64("entry_id"),
                                       i64("scaled")};
constexpr FactColumn reached_step_columns[] = {
    i64("part"),  i64("customer_id"), i64("document_id"),   i64("instalment_no"),
    text("step"), i64("entry_id"),    i64("business_date"), i64("status")};
constexpr FactColumn run_columns[] = {
    i64("part"),          i64("run_id"), i64("entry_id"),         i64("entity_id"),
    i64("business_date"), i64("ran_at"), i64("strategy_version"), text("summary")};
constexpr FactColumn strategy_columns[] = {
    i64("part"),     i64("entity_id"),           i64("version"),
    i64("entry_id"), i64("small_balance_minor"), i64("quiet_days"),
    text("manager")};
constexpr FactColumn substitution_columns[] = {
    i64("part"),       i64("entity_id"),   i64("substitution_id"), i64("version"),  i64("entry_id"),
    text("collector"), text("substitute"), i64("from_day"),        i64("until_day")};
constexpr FactColumn suppression_columns[] = {
    i64("part"),     i64("party_id"), i64("contact_id"),       i64("kind"),   i64("version"),
    i64("entry_id"), i64("from_day"), maybe(i64("until_day")), text("reason")};
constexpr FactColumn worklist_entry_columns[] = {
    i64("part"),     i64("run_id"),   text("collector"), i64("position"),
    i64("entry_id"), i64("party_id"), text("entry")};

}  // namespace

const FactTable allocation{"allocation", allocation_columns, 3};
const FactTable api_token{"api_token", api_token_columns, 3};
const FactTable book{"book", book_columns, 3};
const FactTable calendar_day{"calendar_day", calendar_day_columns, 4};
const FactTable call{"call", call_columns, 4};
const FactTable call_item{"call_item", call_item_columns, 5};
const FactTable call_review{"call_review", call_review_columns, 4};
const FactTable consent{"consent", consent_columns, 4};
const FactTable contact{"contact", contact_columns, 4};
const FactTable customer{"customer", customer_columns, 3};
const FactTable delay_reason{"delay_reason", delay_reason_columns, 3};
const FactTable dispute_mark{"dispute_mark", dispute_mark_columns, 4};
const FactTable document{"document", document_columns, 4};
const FactTable due_action{"due_action", due_action_columns, 5};
const FactTable entity{"entity", entity_columns, 3};
const FactTable follow_up{"follow_up", follow_up_columns, 4};
const FactTable group_edge{"group_edge", group_edge_columns, 4};
const FactTable guard_decision{"guard_decision", guard_decision_columns, 3};
const FactTable guard_pack{"guard_pack", guard_pack_columns, 4};
const FactTable hold{"hold", hold_columns, 4};
const FactTable import_profile{"import_profile", import_profile_columns, 3};
const FactTable instalment{"instalment", instalment_columns, 5};
const FactTable interaction{"interaction", interaction_columns, 4};
const FactTable party{"party", party_columns, 3};
const FactTable payment{"payment", payment_columns, 4};
const FactTable person{"person", person_columns, 3};
const FactTable promise{"promise", promise_columns, 3};
const FactTable promise_event{"promise_event", promise_event_columns, 4};
const FactTable promise_item{"promise_item", promise_item_columns, 4};
const FactTable rate{"rate", rate_columns, 5};
const FactTable reached_step{"reached_step", reached_step_columns, 5};
const FactTable run{"run", run_columns, 2};
const FactTable strategy{"strategy", strategy_columns, 3};
const FactTable substitution{"substitution", substitution_columns, 4};
const FactTable suppression{"suppression", suppression_columns, 5};
const FactTable worklist_entry{"worklist_entry", worklist_entry_columns, 4};

std::span<const FactTable* const> all() {
  static const FactTable* const tables[] = {
      &allocation,   &api_token,  &book,           &calendar_day,  &call,         &call_item,
      &call_review,  &consent,    &contact,        &customer,      &delay_reason, &dispute_mark,
      &document,     &due_action, &entity,         &follow_up,     &group_edge,   &guard_decision,
      &guard_pack,   &hold,       &import_profile, &instalment,    &interaction,  &party,
      &payment,      &person,     &promise,        &promise_event, &promise_item, &rate,
      &reached_step, &run,        &strategy,       &substitution,  &suppression,  &worklist_entry};
  return tables;
}

}  // namespace arrears::storage::facts
