#include "programs/arrears/dispute_text.h"

#include "base/text.h"
#include "programs/arrears/session.h"

namespace arrears::cli {

namespace {

[[noreturn]] void not_read(const std::string& typed) {
  throw UsageError("--dispute \"" + typed +
                   "\" is not read. Write \"500.00 on INV-1 for price\" or \"all on INV-1 for "
                   "other owner sam due 2026-06-20: they ordered ten\".");
}

app::DisputeInput read_dispute(const std::string& typed) {
  app::DisputeInput dispute;
  const auto colon = typed.find(": ");
  if (colon != std::string::npos) dispute.text = base::trim(typed.substr(colon + 2));
  std::vector<std::string> words;
  const std::string_view sentence = std::string_view(typed).substr(0, colon);
  for (const std::string_view word : base::split(sentence, ' '))
    if (!word.empty()) words.emplace_back(word);
  if (words.size() % 2 == 0) not_read(typed);
  if (words.front() != "all") dispute.amount = words.front();
  for (std::size_t i = 1; i < words.size(); i += 2) {
    std::string* const field = words[i] == "on"      ? &dispute.document
                               : words[i] == "for"   ? &dispute.reason
                               : words[i] == "owner" ? &dispute.owner
                               : words[i] == "due"   ? &dispute.due
                                                     : nullptr;
    if (!field || !field->empty()) not_read(typed);
    *field = words[i + 1];
  }
  if (dispute.document.empty() || dispute.reason.empty()) not_read(typed);
  return dispute;
}

}  // namespace

std::vector<app::DisputeInput> read_disputes(const std::vector<std::string>& texts) {
  std::vector<app::DisputeInput> disputes;
  for (const std::string& text : texts) disputes.push_back(read_dispute(text));
  return disputes;
}

}  // namespace arrears::cli
