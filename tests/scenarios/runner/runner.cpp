#include "runner.h"

#include <algorithm>
#include <fstream>
#include <iterator>

#include "statements.h"

namespace arrears::scenarios {

namespace {

/// All verbs, longer phrases first.
const std::vector<Verb>& verbs() {
  static const std::vector<Verb> all = [] {
    std::vector<Verb> list;
    for (const auto& some :
         {site_verbs(), people_verbs(), document_verbs(), payment_verbs(), call_verbs(),
          dispute_verbs(), guard_verbs(), note_verbs(), import_verbs(), show_receivables_verbs(),
          show_work_verbs(), show_call_verbs(), show_site_verbs()})
      list.insert(list.end(), some.begin(), some.end());
    std::stable_sort(list.begin(), list.end(), [](const Verb& a, const Verb& b) {
      return a.phrase.size() > b.phrase.size();
    });
    return list;
  }();
  return all;
}

/// "refused: code" and the message. The message is left out where the file names the code alone.
Output refusal_lines(const base::Refusal& refusal, const std::vector<std::string>& expected) {
  Output lines{"refused: " + refusal.code};
  if (expected.size() == 1 && expected.front().starts_with("refused:")) return lines;
  for (std::string& line : wrapped(refusal.message)) lines.push_back(std::move(line));
  return lines;
}

Output run_statement(World& world, const ScenarioFile& file, const Statement& statement,
                     Outcome& outcome) {
  Words words(file.path, statement.head);
  for (const Verb& verb : verbs()) {
    if (!words.accept(verb.phrase)) continue;
    world.tick();
    Call call{world, words, file.path, statement.fields};
    Answer answer;
    try {
      answer = verb.run(call);
      words.end();
    } catch (const Refused& refused) {
      answer = refused.refusal;
    }
    outcome.refusals.insert(outcome.refusals.end(), answer.row_refusals.begin(),
                            answer.row_refusals.end());
    if (!answer.refusal) return answer.lines;
    outcome.refusals.push_back(*answer.refusal);
    return refusal_lines(*answer.refusal, statement.expected);
  }
  throw SyntaxError(file.path, statement.head.number,
                    "unknown statement; tests/scenarios/README.md lists them");
}

}  // namespace

std::string read_text(const std::string& path) {
  std::ifstream stream(path, std::ios::binary);
  return std::string(std::istreambuf_iterator<char>(stream), {});
}

Outcome run_scenario(const std::string& path) {
  Outcome outcome;
  outcome.before = read_text(path);
  std::vector<Output> answers;
  int line = 1;
  try {
    const ScenarioFile file = parse_scenario(path, outcome.before);
    World world;
    for (const Statement& statement : file.statements) {
      line = statement.head.number;
      answers.push_back(run_statement(world, file, statement, outcome));
    }
    outcome.after = with_answers(file, answers);
  } catch (const SyntaxError& error) {
    outcome.failure = error.what();
  } catch (const std::exception& error) {
    outcome.failure = path + ":" + std::to_string(line) + ": failure: " + error.what();
  }
  return outcome;
}

}  // namespace arrears::scenarios
