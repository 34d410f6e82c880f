#include "scenario_file.h"

#include <algorithm>
#include <array>

#include "base/text.h"

namespace arrears::scenarios {

namespace {

/// Statements with fields of their own; everything else that is indented is an answer.
constexpr std::array<std::string_view, 11> with_fields = {
    "call ",          "amend call ",      "import ", "invoice ",    "credit note ",  "fee ",
    "interest note ", "opening balance ", "refund ", "adjustment ", "amend invoice "};

std::string_view right_trimmed(std::string_view text) {
  while (!text.empty() && (text.back() == ' ' || text.back() == '\t' || text.back() == '\r'))
    text.remove_suffix(1);
  return text;
}

/// Cuts a comment: a `#` at the start or after a blank, outside of quotes.
std::string_view without_comment(std::string_view text) {
  bool quoted = false;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '"') quoted = !quoted;
    if (text[i] == '#' && !quoted && (i == 0 || text[i - 1] == ' '))
      return right_trimmed(text.substr(0, i));
  }
  return right_trimmed(text);
}

std::vector<std::string> split_lines(std::string_view text) {
  std::vector<std::string> lines;
  for (const std::string_view line : base::split(text, '\n')) lines.emplace_back(line);
  if (!lines.empty() && lines.back().empty()) lines.pop_back();
  return lines;
}

bool takes_fields(std::string_view head) {
  return std::any_of(with_fields.begin(), with_fields.end(),
                     [&](std::string_view verb) { return head.starts_with(verb); });
}

/// Whether the indented line is still a field: rows of a file begin with `|`, and the answer of
/// other statements is a refusal.
bool is_field(std::string_view head, std::string_view line) {
  if (head.starts_with("import ")) return line.starts_with("|");
  return takes_fields(head) && !line.starts_with("refused:");
}

}  // namespace

SyntaxError::SyntaxError(std::string_view file, int line, std::string_view what)
    : std::runtime_error(std::string(file) + ":" + std::to_string(line) + ": " +
                         std::string(what)) {}

ScenarioFile parse_scenario(const std::string& path, std::string_view text) {
  ScenarioFile file;
  file.path = path;
  file.lines = split_lines(text);
  if (file.lines.empty() || !file.lines.front().starts_with("# "))
    throw SyntaxError(path, 1, "open with a comment that says what the scenario shows");
  for (int i = 0; i < static_cast<int>(file.lines.size()); ++i) {
    const std::string& raw = file.lines[static_cast<std::size_t>(i)];
    const std::string_view line = right_trimmed(raw);
    if (line.empty() || line.front() == '#') continue;
    if (line.front() == '\t') throw SyntaxError(path, i + 1, "indent with blanks");
    if (line.front() != ' ') {
      file.statements.push_back({{i + 1, std::string(without_comment(line))}, {}, {}, i + 1});
      continue;
    }
    if (file.statements.empty())
      throw SyntaxError(path, i + 1, "an indented line needs a statement before it");
    Statement& statement = file.statements.back();
    if (statement.answer_line != i)
      throw SyntaxError(path, i + 1, "an indented line follows its statement directly");
    const std::string_view body = base::trim(line);
    if (statement.expected.empty() && is_field(statement.head.text, body)) {
      const bool row = body.starts_with("|");
      statement.fields.push_back({i + 1, std::string(row ? body : without_comment(body))});
    } else {
      const std::size_t indent = std::min<std::size_t>(2, line.find_first_not_of(' '));
      statement.expected.emplace_back(line.substr(indent));
    }
    statement.answer_line = i + 1;
  }
  for (Statement& statement : file.statements)
    statement.answer_line -= static_cast<int>(statement.expected.size());
  return file;
}

std::string with_answers(const ScenarioFile& file,
                         const std::vector<std::vector<std::string>>& answers) {
  std::string text;
  std::size_t next = 0;
  for (std::size_t i = 0; i <= file.lines.size(); ++i) {
    while (next < file.statements.size() &&
           file.statements[next].answer_line == static_cast<int>(i)) {
      const std::vector<std::string> known = file.statements[next].expected;
      for (const std::string& line : next < answers.size() ? answers[next] : known)
        text += line.empty() ? "\n" : "  " + line + "\n";
      i += known.size();
      ++next;
    }
    if (i < file.lines.size()) text += file.lines[i] + "\n";
  }
  return text;
}

namespace {

/// One line of an edit script: ' ' kept, '-' gone, '+' new.
struct Edit {
  char mark = ' ';
  std::string text;
};

std::vector<Edit> edits(const std::vector<std::string>& a, const std::vector<std::string>& b) {
  std::vector<std::vector<int>> common(a.size() + 1, std::vector<int>(b.size() + 1, 0));
  for (std::size_t i = a.size(); i-- > 0;) {
    for (std::size_t j = b.size(); j-- > 0;) {
      common[i][j] =
          a[i] == b[j] ? common[i + 1][j + 1] + 1 : std::max(common[i + 1][j], common[i][j + 1]);
    }
  }
  std::vector<Edit> script;
  std::size_t i = 0;
  std::size_t j = 0;
  while (i < a.size() || j < b.size()) {
    if (i < a.size() && j < b.size() && a[i] == b[j]) {
      script.push_back({' ', a[i]});
      ++i, ++j;
    } else if (i < a.size() && (j == b.size() || common[i + 1][j] >= common[i][j + 1])) {
      script.push_back({'-', a[i++]});
    } else {
      script.push_back({'+', b[j++]});
    }
  }
  return script;
}

}  // namespace

std::string unified_diff(std::string_view path, std::string_view before, std::string_view after) {
  constexpr int context = 3;
  const std::vector<Edit> script = edits(split_lines(before), split_lines(after));
  const int size = static_cast<int>(script.size());
  std::string text;
  int old_line = 1;
  int new_line = 1;
  int shown_until = 0;
  for (int i = 0; i < size; ++i) {
    if (script[static_cast<std::size_t>(i)].mark != ' ') {
      const int from = std::max(shown_until, i - context);
      if (text.empty()) text = "--- " + std::string(path) + "\n+++ answered\n";
      if (from > shown_until || shown_until == 0) {
        text += "@@ -" + std::to_string(old_line - (i - from)) + " +" +
                std::to_string(new_line - (i - from)) + " @@\n";
      }
      int last = i;
      for (int k = i; k < size && k <= last + 2 * context; ++k)
        if (script[static_cast<std::size_t>(k)].mark != ' ') last = k;
      const int until = std::min(size, last + 1 + context);
      for (int k = from; k < until; ++k) {
        const Edit& edit = script[static_cast<std::size_t>(k)];
        text += std::string(1, edit.mark) + edit.text + "\n";
      }
      for (int k = i; k < until; ++k) {
        const char mark = script[static_cast<std::size_t>(k)].mark;
        if (mark != '+') ++old_line;
        if (mark != '-') ++new_line;
      }
      shown_until = until;
      i = until - 1;
      continue;
    }
    ++old_line;
    ++new_line;
  }
  return text;
}

}  // namespace arrears::scenarios
