#include "app/receivables.h"
#include "statements.h"

namespace arrears::scenarios {

namespace {

/// "due D", "discount until D pays A": what an instalment may carry.
bool read_instalment_word(Words& words, app::InstalmentInput& part) {
  if (words.accept("due")) {
    part.due = words.take("the due date");
  } else if (words.accept("discount until")) {
    part.discount_until = words.take("the last day of the discount");
    words.expect("pays");
    part.discounted = words.take("the discounted amount");
  } else if (words.accept("amount")) {
    part.amount = words.take("the amount");
  } else {
    return false;
  }
  return true;
}

bool read_document_word(Words& words, app::DocumentInput& input) {
  if (words.accept("dated")) {
    input.issued = words.take("the issue date");
  } else if (words.accept("method")) {
    input.payment_method = words.take("the payment method");
  } else if (words.accept("holder")) {
    input.holder = words.take("the holder");
  } else if (words.accept("reference")) {
    input.reference = words.take("the reference");
  } else if (words.accept("currency")) {
    input.currency = words.take("the currency");
  } else if (words.accept("customer")) {
    input.customer = words.take("the customer");
  } else {
    return false;
  }
  return true;
}

/// Field lines: "333.334 due D [discount until D pays A]", one per instalment.
std::vector<app::InstalmentInput> read_instalments(Call& call) {
  std::vector<app::InstalmentInput> instalments;
  for (const Line& line : call.fields) {
    Words words(call.file, line);
    app::InstalmentInput part;
    part.amount = words.take("the amount");
    while (!words.done())
      if (!read_instalment_word(words, part)) words.end();
    instalments.push_back(part);
  }
  return instalments;
}

/// invoice INV-1 C1 12500.00 USD dated D due D ..., or without amount and with instalments below.
Answer record(Call& call, std::string_view kind) {
  Words& words = call.words;
  app::DocumentInput input;
  input.kind = kind;
  input.number = words.take("the document's number");
  input.customer = words.take("the customer");
  app::InstalmentInput single;
  input.instalments = read_instalments(call);
  if (call.fields.empty() && !words.accept("without instalments"))
    single.amount = words.take("the amount");
  input.currency = words.take("the currency");
  while (!words.done())
    if (!read_document_word(words, input) && !read_instalment_word(words, single)) words.end();
  if (!single.amount.empty()) input.instalments.push_back(single);
  return app::record_document(call.world.store(), call.world.caller(), call.world.entity(), input);
}

Answer invoice(Call& call) { return record(call, "invoice"); }
Answer credit_note(Call& call) { return record(call, "credit_note"); }
Answer fee(Call& call) { return record(call, "fee"); }
Answer interest_note(Call& call) { return record(call, "interest_note"); }
Answer opening_balance(Call& call) { return record(call, "opening_balance"); }
Answer refund(Call& call) { return record(call, "refund"); }
Answer adjustment(Call& call) { return record(call, "adjustment"); }

Answer document_of_kind(Call& call) {
  const std::string kind = call.words.take("the kind");
  return record(call, kind);
}

/// amend invoice INV-1 [due D] [amount A] [dated D] ... because "why"
Answer amend(Call& call) {
  Words& words = call.words;
  app::DocumentInput input;
  input.number = words.take("the document's number");
  app::InstalmentInput single;
  bool touched = false;
  std::string reason;
  while (!words.done()) {
    if (words.accept("because")) {
      reason = words.take("the reason");
    } else if (read_document_word(words, input)) {
      continue;
    } else if (read_instalment_word(words, single)) {
      touched = true;
    } else {
      words.end();
    }
  }
  input.instalments = read_instalments(call);
  if (touched) input.instalments.push_back(single);
  return app::amend_document(call.world.store(), call.world.caller(), call.world.entity(), input,
                             reason);
}

std::string because(Words& words) {
  return words.accept("because") ? words.take("the reason") : std::string();
}

Answer cancel(Call& call) {
  const std::string number = call.words.take("the document's number");
  return app::cancel_document(call.world.store(), call.world.caller(), call.world.entity(), number,
                              because(call.words));
}

}  // namespace

std::vector<Verb> document_verbs() {
  return {{"invoice", invoice},
          {"credit note", credit_note},
          {"fee", fee},
          {"interest note", interest_note},
          {"opening balance", opening_balance},
          {"refund", refund},
          {"adjustment", adjustment},
          {"document of kind", document_of_kind},
          {"amend invoice", amend},
          {"cancel document", cancel},
          {"cancel invoice", cancel}};
}

}  // namespace arrears::scenarios
