#include "adapters/api/endpoint.h"
#include "adapters/api/fields.h"
#include "app/receivables.h"
#include "base/text.h"

namespace arrears::api {

namespace {

using app::Right;
using http::Method;

/// The document of the path, which the caller must see.
const std::string& document_number(Exchange& exchange) {
  const std::string& number = exchange.request.parameter("document");
  taken(app::find_document(exchange.facts(), exchange.entity(), number));
  return number;
}

const std::string& payment_number(Exchange& exchange) {
  const std::string& number = exchange.request.parameter("payment");
  taken(app::find_payment(exchange.facts(), exchange.entity(), number));
  return number;
}

void need_customer(Exchange& exchange, const std::string& number) {
  taken(app::find_customer(exchange.facts(), exchange.entity(), number));
}

void read_document_content(Fields& fields, app::DocumentInput& document) {
  fields.text("issued", document.issued).text("currency", document.currency);
  fields.objects("instalments", [&](Fields& inner) {
    app::InstalmentInput& instalment = document.instalments.emplace_back();
    inner.text("due", instalment.due).text("amount", instalment.amount);
    inner.text("discount_until", instalment.discount_until);
    inner.text("discounted", instalment.discounted);
  });
  fields.text("payment_method", document.payment_method).text("holder", document.holder);
  fields.text("reference", document.reference);
}

http::Response record_document(Exchange& exchange) {
  app::DocumentInput document;
  Fields fields(exchange.body());
  fields.need("customer").text("customer", document.customer);
  fields.need("number").text("number", document.number).text("kind", document.kind);
  read_document_content(fields, document);
  fields.finish();
  need_customer(exchange, document.customer);
  if (document.currency.empty()) document.currency = exchange.entity().base_currency.code();
  return exchange.json(taken(app::record_document(exchange.site.store, exchange.caller(),
                                                  exchange.entity().code, document)),
                       201);
}

http::Response document(Exchange& exchange) {
  return exchange.json(taken(app::document_report(exchange.facts(), exchange.entity().code,
                                                  document_number(exchange), exchange.as_of())));
}

http::Response amend_document(Exchange& exchange) {
  app::DocumentInput document;
  document.kind.clear();
  std::string reason;
  Fields fields(exchange.body());
  read_document_content(fields, document);
  fields.need("reason").text("reason", reason);
  fields.finish();
  document.number = document_number(exchange);
  return exchange.json(taken(app::amend_document(exchange.site.store, exchange.caller(),
                                                 exchange.entity().code, document, reason)),
                       201);
}

std::string read_reason(Exchange& exchange) {
  std::string reason;
  Fields fields(exchange.body());
  fields.need("reason").text("reason", reason);
  fields.finish();
  return reason;
}

http::Response cancel_document(Exchange& exchange) {
  const std::string reason = read_reason(exchange);
  return exchange.json(
      taken(app::cancel_document(exchange.site.store, exchange.caller(), exchange.entity().code,
                                 document_number(exchange), reason)));
}

http::Response payments(Exchange& exchange) {
  return exchange.page(taken(app::payment_list(exchange.facts(), exchange.entity().code,
                                               exchange.text("customer"), exchange.as_of())));
}

http::Response record_payment(Exchange& exchange) {
  app::PaymentInput payment;
  Fields fields(exchange.body());
  fields.need("customer").text("customer", payment.customer).text("number", payment.number);
  fields.need("value_on").text("value_on", payment.value_on);
  fields.need("amount").text("amount", payment.amount).text("currency", payment.currency);
  fields.text("payer", payment.payer).text("reference", payment.reference);
  fields.finish();
  need_customer(exchange, payment.customer);
  if (payment.currency.empty()) payment.currency = exchange.entity().base_currency.code();
  return exchange.json(taken(app::record_payment(exchange.site.store, exchange.caller(),
                                                 exchange.entity().code, payment)),
                       201);
}

http::Response cancel_payment(Exchange& exchange) {
  const std::string reason = read_reason(exchange);
  return exchange.json(
      taken(app::cancel_payment(exchange.site.store, exchange.caller(), exchange.entity().code,
                                payment_number(exchange), reason)));
}

http::Response bounce_payment(Exchange& exchange) {
  std::optional<Date> on;
  std::string reason;
  Fields fields(exchange.body());
  fields.day("on", on).text("reason", reason);
  fields.finish();
  return exchange.json(
      taken(app::bounce_payment(exchange.site.store, exchange.caller(), exchange.entity().code,
                                payment_number(exchange), on.value_or(exchange.today()), reason)));
}

http::Response allocations(Exchange& exchange) {
  return exchange.page(taken(
      app::allocation_list(exchange.facts(), exchange.entity().code, exchange.text("customer"))));
}

http::Response apply_allocation(Exchange& exchange) {
  app::AllocationInput allocation;
  Fields fields(exchange.body());
  fields.text("payment", allocation.payment).text("credit", allocation.credit);
  fields.objects("targets", [&](Fields& inner) {
    app::AllocationTargetInput& target = allocation.targets.emplace_back();
    inner.need("document").text("document", target.document).text("amount", target.amount);
    inner.text("source_amount", target.source_amount);
  });
  fields.text("amount", allocation.amount).text("on", allocation.on);
  fields.finish();
  if (!allocation.payment.empty())
    taken(app::find_payment(exchange.facts(), exchange.entity(), allocation.payment));
  if (!allocation.credit.empty())
    taken(app::find_document(exchange.facts(), exchange.entity(), allocation.credit));
  return exchange.json(taken(app::apply_allocation(exchange.site.store, exchange.caller(),
                                                   exchange.entity().code, allocation)),
                       201);
}

http::Response take_back_allocation(Exchange& exchange) {
  std::string amount;
  std::optional<Date> on;
  Fields fields(exchange.body());
  fields.text("amount", amount).day("on", on);
  fields.finish();
  const std::string& id = exchange.request.parameter("allocation");
  const receivables::AllocationId allocation{base::parse_int(id).value_or(0)};
  if (!exchange.facts().customer_of_allocation(allocation))
    taken<Json>(
        base::refuse(app::ReceivablesRefusal::allocation_unknown, "There is no allocation " + id));
  return exchange.json(taken(app::take_back_allocation(exchange.site.store, exchange.caller(),
                                                       exchange.entity().code, id, amount,
                                                       on.value_or(exchange.today()))));
}

}  // namespace

Endpoints ledger_endpoints() {
  return {
      {Method::post, "/entities/{entity}/documents", Right::correct, {}, record_document},
      {Method::get,
       "/entities/{entity}/documents/{document}",
       Right::read,
       {"as_of", "known_at"},
       document},
      {Method::post,
       "/entities/{entity}/documents/{document}/amendments",
       Right::correct,
       {},
       amend_document},
      {Method::post,
       "/entities/{entity}/documents/{document}/cancellation",
       Right::correct,
       {},
       cancel_document},
      {Method::get,
       "/entities/{entity}/payments",
       Right::read,
       {"customer", "as_of", "limit", "cursor"},
       payments},
      {Method::post, "/entities/{entity}/payments", Right::post_cash, {}, record_payment},
      {Method::post,
       "/entities/{entity}/payments/{payment}/cancellation",
       Right::post_cash,
       {},
       cancel_payment},
      {Method::post,
       "/entities/{entity}/payments/{payment}/bounce",
       Right::post_cash,
       {},
       bounce_payment},
      {Method::get,
       "/entities/{entity}/allocations",
       Right::read,
       {"customer", "limit", "cursor"},
       allocations},
      {Method::post, "/entities/{entity}/allocations", Right::post_cash, {}, apply_allocation},
      {Method::post,
       "/entities/{entity}/allocations/{allocation}/reversal",
       Right::post_cash,
       {},
       take_back_allocation},
  };
}

}  // namespace arrears::api
