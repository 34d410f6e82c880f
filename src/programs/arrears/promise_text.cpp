#include "programs/arrears/promise_text.h"

#include "base/text.h"
#include "programs/arrears/session.h"

namespace arrears::cli {

namespace {

/// Takes the word at the start of `text`.
std::string next_word(std::string_view& text) {
  text = base::trim(text);
  const auto end = std::min(text.find(' '), text.size());
  const std::string word(text.substr(0, end));
  text = base::trim(text.substr(end));
  return word;
}

app::PromiseInput read_promise(const std::string& typed) {
  std::string_view text = typed;
  app::PromiseInput promise;
  promise.amount = next_word(text);
  if (promise.amount == "all") promise.amount.clear();
  while (!text.empty()) {
    const std::string word = next_word(text);
    if (word == "by" && promise.by.empty()) {
      promise.by = next_word(text);
    } else if (word == "on" && !text.empty()) {
      for (const std::string_view item : base::split(text, ','))
        promise.items.emplace_back(base::trim(item));
      text = {};
    } else {
      throw UsageError("--promise \"" + typed +
                       "\" is not read. Write \"12500.00 by 2026-06-10 on INV-1, INV-2=100.00\".");
    }
  }
  return promise;
}

}  // namespace

std::vector<app::PromiseInput> read_promises(const std::vector<std::string>& texts,
                                             const std::string& by,
                                             const std::vector<std::string>& on) {
  std::vector<app::PromiseInput> promises;
  for (const std::string& text : texts) promises.push_back(read_promise(text));
  if (promises.empty() && (!by.empty() || !on.empty())) promises.emplace_back();
  for (app::PromiseInput& promise : promises) {
    if (promise.by.empty()) promise.by = by;
    if (promise.items.empty()) promise.items = on;
  }
  return promises;
}

}  // namespace arrears::cli
