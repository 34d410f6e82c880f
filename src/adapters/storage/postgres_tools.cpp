#include "adapters/storage/postgres_tools.h"

#include <fcntl.h>
#include <libpq-fe.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <csignal>
#include <cstdlib>
#include <cstring>
#include <map>
#include <memory>

#include "adapters/storage/storage_error.h"

extern char** environ;

namespace arrears::storage {

namespace {

constexpr std::size_t last_words_max = 2'000;

std::string find_on_path(std::string_view name) {
  const char* path = std::getenv("PATH");
  std::string_view folders = path != nullptr ? path : "/usr/local/bin:/usr/bin:/bin";
  while (!folders.empty()) {
    const std::string_view folder = folders.substr(0, folders.find(':'));
    folders.remove_prefix(std::min(folder.size() + 1, folders.size()));
    if (folder.empty()) continue;
    const std::string file = std::string(folder) + '/' + std::string(name);
    if (::access(file.c_str(), X_OK) == 0) return file;
  }
  throw std::runtime_error(std::string(name) +
                           " is not on the PATH. Install PostgreSQL's client programs, of the "
                           "server's version or later (Debian: postgresql-client), and try again");
}

/// This process's environment and what the URL says, as libpq's own variables.
std::vector<std::string> environment_for(const std::string& url) {
  std::map<std::string, std::string> variables;
  for (char** each = environ; *each != nullptr; ++each) {
    const std::string_view entry = *each;
    const auto sign = entry.find('=');
    if (sign == std::string_view::npos) continue;
    variables.emplace(entry.substr(0, sign), entry.substr(sign + 1));
  }
  char* problem = nullptr;
  const std::unique_ptr<PQconninfoOption, void (*)(PQconninfoOption*)> options(
      PQconninfoParse(url.c_str(), &problem), PQconninfoFree);
  PQfreemem(problem);
  if (!options) {
    throw StorageError(StorageProblem::other, "This is no URL of a PostgreSQL database");
  }
  for (const PQconninfoOption* option = options.get(); option->keyword != nullptr; ++option) {
    if (option->val != nullptr && option->envvar != nullptr) {
      variables[option->envvar] = option->val;
    }
  }
  std::vector<std::string> entries;
  entries.reserve(variables.size());
  for (const auto& [name, value] : variables) entries.push_back(name + "=" + value);
  return entries;
}

std::vector<char*> pointers(std::vector<std::string>& texts) {
  std::vector<char*> list;
  for (std::string& text : texts) list.push_back(text.data());
  list.push_back(nullptr);
  return list;
}

/// The child: only what is safe between fork and exec.
[[noreturn]] void become(const std::string& file, char* const* words, char* const* variables,
                         int errors, pid_t parent) {
  ::prctl(PR_SET_PDEATHSIG, SIGKILL);
  if (::getppid() != parent) ::_exit(127);
  ::dup2(errors, STDERR_FILENO);
  const int nothing = ::open("/dev/null", O_RDWR);
  ::dup2(nothing, STDIN_FILENO);
  ::dup2(nothing, STDOUT_FILENO);
  ::execve(file.c_str(), words, variables);
  ::_exit(127);
}

/// What the child says until it closes its end; the end of it.
std::string listen(int handle) {
  std::string said;
  std::array<char, 4096> block{};
  while (true) {
    const ssize_t size = ::read(handle, block.data(), block.size());
    if (size < 0 && errno == EINTR) continue;
    if (size <= 0) break;
    said.append(block.data(), static_cast<std::size_t>(size));
    if (said.size() > last_words_max) said.erase(0, said.size() - last_words_max);
  }
  while (!said.empty() && (said.back() == '\n' || said.back() == '.')) said.pop_back();
  for (char& c : said)
    if (c == '\n') c = ' ';
  return said;
}

int wait_for(pid_t child) {
  int status = 0;
  while (::waitpid(child, &status, 0) < 0) {
    if (errno != EINTR) return -1;
  }
  return status;
}

StorageProblem problem_of(std::string_view said) {
  const auto says = [&](std::string_view words) {
    return said.find(words) != std::string_view::npos;
  };
  if (says("No space left") || says("File too large") || says("quota")) return StorageProblem::full;
  if (says("connection to server")) return StorageProblem::lost;
  return StorageProblem::io;
}

}  // namespace

void run_postgres_tool(std::string_view name, const std::string& url,
                       std::vector<std::string> words) {
  const std::string file = find_on_path(name);
  words.insert(words.begin(), std::string(name));
  // Everything about the database is in the environment; this only says "a database".
  words.emplace_back("--dbname=postgresql://");
  words.emplace_back("--no-password");
  std::vector<std::string> variables = environment_for(url);
  const std::vector<char*> word_list = pointers(words);
  const std::vector<char*> variable_list = pointers(variables);
  std::array<int, 2> pipe{};
  if (::pipe2(pipe.data(), O_CLOEXEC) != 0) {
    throw StorageError(StorageProblem::io, std::string("Cannot make a pipe: ") + strerror(errno));
  }
  const pid_t parent = ::getpid();
  const pid_t child = ::fork();
  if (child == 0) become(file, word_list.data(), variable_list.data(), pipe[1], parent);
  const int error = errno;
  ::close(pipe[1]);
  const std::string said = child > 0 ? listen(pipe[0]) : std::strerror(error);
  ::close(pipe[0]);
  const int status = child > 0 ? wait_for(child) : -1;
  if (status == 0) return;
  throw StorageError(problem_of(said), std::string(name) + " failed: " +
                                           (said.empty() ? "it was ended from outside" : said));
}

}  // namespace arrears::storage
