#include "app/receivables.h"
#include "statements.h"

namespace arrears::scenarios {

namespace {

/// payment PAY-1 C1 100.00 USD [valued D] [payer "X"] [reference "X"]
Answer payment(Call& call) {
  Words& words = call.words;
  app::PaymentInput input;
  input.number = words.take("the payment's number");
  input.customer = words.take("the customer");
  input.amount = words.take("the amount");
  input.currency = words.take("the currency");
  input.value_on = to_string(call.world.today());
  while (!words.done()) {
    if (words.accept("valued")) {
      input.value_on = words.take("the value date");
    } else if (words.accept("payer")) {
      input.payer = words.take("the payer");
    } else if (words.accept("reference")) {
      input.reference = words.take("the reference");
    } else {
      words.end();
    }
  }
  return app::record_payment(call.world.store(), call.world.caller(), call.world.entity(), input);
}

Answer cancel_payment(Call& call) {
  const std::string number = call.words.take("the payment's number");
  const std::string reason = call.words.accept("because") ? call.words.take("the reason") : "";
  return app::cancel_payment(call.world.store(), call.world.caller(), call.world.entity(), number,
                             reason);
}

/// bounce PAY-1 on D ["why"]
Answer bounce(Call& call) {
  const std::string number = call.words.take("the payment's number");
  call.words.expect("on");
  const Date on = call.words.date("the day");
  return app::bounce_payment(call.world.store(), call.world.caller(), call.world.entity(), number,
                             on, call.words.done() ? "" : call.words.take("the reason"));
}

void remember(World& world, const std::string& source, const app::Json& answer) {
  for (const auto& value : answer.at("allocations").as_array()) {
    const Json& row = value.as_object();
    const std::string instalment = text_of(row, "instalment");
    const bool reversal = text_of(row, "amount").starts_with("-");
    world.allocated.push_back(
        {source, text_of(row, "document") + (instalment == "1" ? "" : "#" + instalment),
         reversal ? "reversal" : text_of(row, "kind"), text_of(row, "allocation_id")});
  }
}

/// allocate PAY-1 oldest first [up to A] [on D]
/// allocate PAY-1 to INV-1 [A [for SOURCE_AMOUNT]], INV-2#2 [A] [on D]
/// allocate credit CN-1 ...
Answer allocate(Call& call) {
  Words& words = call.words;
  app::AllocationInput input;
  const bool credit = words.accept("credit");
  const std::string source = words.take("the payment's number");
  if (source != "nothing") (credit ? input.credit : input.payment) = source;
  if (words.accept("oldest first")) {
    if (words.accept("up to")) input.amount = words.take("the amount");
  } else {
    words.expect("to");
    do {
      app::AllocationTargetInput target;
      target.document = words.take("the document");
      if (!words.done() && !words.next_is(",") && !words.next_is("on"))
        target.amount = words.take("the amount");
      if (words.accept("for")) target.source_amount = words.take("the amount of the source");
      input.targets.push_back(target);
    } while (words.accept(","));
  }
  if (words.accept("on")) input.on = words.take("the day");
  const auto allocated =
      app::apply_allocation(call.world.store(), call.world.caller(), call.world.entity(), input);
  if (allocated) remember(call.world, source, *allocated);
  return allocated;
}

const AllocatedRow* find_row(const World& world, const std::string& source, const std::string& item,
                             std::string_view kind) {
  const AllocatedRow* found = nullptr;
  for (const AllocatedRow& row : world.allocated) {
    const bool special = row.kind == "discount" || row.kind == "reversal";
    if (row.source == source && row.item == item && (special ? row.kind : "") == kind) found = &row;
  }
  return found;
}

/// take back [discount of|reversal of] PAY-1 from INV-1 [A] on D: the last such row.
Answer take_back(Call& call) {
  Words& words = call.words;
  std::string_view kind;
  if (words.accept("discount of")) kind = "discount";
  if (words.accept("reversal of")) kind = "reversal";
  const std::string source = words.take("the payment's number");
  words.expect("from");
  const AllocatedRow* row = find_row(call.world, source, words.take("the document"), kind);
  std::string amount;
  if (!words.next_is("on")) amount = words.take("the amount");
  words.expect("on");
  const Date on = words.date("the day");
  const auto taken =
      app::take_back_allocation(call.world.store(), call.world.caller(), call.world.entity(),
                                row ? row->id : "0", amount, on);
  if (taken) remember(call.world, source, *taken);
  return taken;
}

}  // namespace

std::vector<Verb> payment_verbs() {
  return {{"payment", payment},
          {"cancel payment", cancel_payment},
          {"bounce", bounce},
          {"allocate", allocate},
          {"take back", take_back}};
}

}  // namespace arrears::scenarios
