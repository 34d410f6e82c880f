#include "postgres_server.h"

#include <fcntl.h>
#include <grp.h>
#include <pwd.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cstdlib>
#include <filesystem>
#include <stdexcept>

#include "adapters/storage/db.h"

namespace arrears::storage {

namespace {

const std::string programs = "/usr/lib/postgresql/15/bin/";
const std::string with_schema = "with_schema";

/// The server refuses to run as root.
const passwd* server_user() { return geteuid() == 0 ? getpwnam("postgres") : nullptr; }

void become_server_user() {
  // The build may lie where that user cannot go (/root), and PostgreSQL wants to know where it is.
  if (chdir("/") != 0) _exit(126);
  const passwd* user = server_user();
  if (user == nullptr) return;
  if (setgid(user->pw_gid) != 0 || initgroups(user->pw_name, user->pw_gid) != 0 ||
      setuid(user->pw_uid) != 0) {
    _exit(126);
  }
}

/// The exit code of a program of the server, run as its user and without output.
int run(std::vector<std::string> words) {
  words[0].insert(0, programs);  // they find one another by their own path
  std::vector<char*> arguments;
  for (std::string& word : words) arguments.push_back(word.data());
  arguments.push_back(nullptr);
  const pid_t child = fork();
  if (child == 0) {
    become_server_user();
    const int nothing = open("/dev/null", O_RDWR);
    for (const int stream : {0, 1, 2}) dup2(nothing, stream);
    execv(words[0].c_str(), arguments.data());
    _exit(127);
  }
  int status = 0;
  waitpid(child, &status, 0);
  return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

void must_run(const std::vector<std::string>& words) {
  const int code = run(words);
  if (code != 0) throw std::runtime_error(words[0] + " ended with " + std::to_string(code));
}

}  // namespace

bool PostgresServer::installed() {
  return access((programs + "postgres").c_str(), X_OK) == 0 &&
         (geteuid() != 0 || server_user() != nullptr);
}

PostgresServer& PostgresServer::get() {
  static PostgresServer server;
  return server;
}

PostgresServer::PostgresServer() {
  std::string pattern = (std::filesystem::temp_directory_path() / "arrears-pg-XXXXXX").string();
  folder_ = mkdtemp(pattern.data());
  if (const passwd* user = server_user()) {
    if (chown(folder_.c_str(), user->pw_uid, user->pw_gid) != 0) {
      throw std::runtime_error("cannot give away " + folder_);
    }
  }
  int ends[2];
  if (pipe2(ends, O_CLOEXEC) != 0) throw std::runtime_error("no pipe");
  watcher_ = fork();
  if (watcher_ == 0) {
    close(ends[1]);
    setsid();  // what ends a group of processes leaves this one
    char none = 0;
    while (read(ends[0], &none, 1) > 0) {
    }
    run({"pg_ctl", "stop", "-D", folder_ + "/data", "-m", "immediate"});
    std::error_code ignored;
    std::filesystem::remove_all(folder_, ignored);
    _exit(0);
  }
  close(ends[0]);
  pipe_ = ends[1];
  must_run({"initdb", "-D", folder_ + "/data", "-U", "postgres", "--auth=trust", "--encoding=UTF8",
            "--locale=C.UTF-8", "--locale-provider=icu", "--icu-locale=en-US", "--no-sync"});
  start();
  create("template0");
  open_postgres(url("postgres"))->execute_script("ALTER DATABASE t1 RENAME TO " + with_schema);
  open_database(url(with_schema), OpenMode::create);
}

PostgresServer::~PostgresServer() {
  close(pipe_);
  waitpid(watcher_, nullptr, 0);
}

void PostgresServer::start() {
  must_run({"pg_ctl", "start", "-D", folder_ + "/data", "-w", "-l", folder_ + "/log", "-o",
            "-k " + folder_ +
                " -c listen_addresses= -c shared_buffers=32MB "
                "-c recovery_init_sync_method=syncfs"});
}

void PostgresServer::stop() {
  must_run({"pg_ctl", "stop", "-D", folder_ + "/data", "-w", "-m", "immediate"});
}

std::string PostgresServer::url(const std::string& database) const {
  return "postgresql://postgres@/" + database + "?host=" + folder_;
}

std::string PostgresServer::make_database() { return create(with_schema); }
std::string PostgresServer::make_blank_database() { return create("template0"); }

std::string PostgresServer::create(const std::string& from) {
  const std::string name = "t" + std::to_string(++databases_);
  open_postgres(url("postgres"))->execute_script("CREATE DATABASE " + name + " TEMPLATE " + from);
  return url(name);
}

}  // namespace arrears::storage
