#include <csignal>

#include "programs/arrears/command_line.h"

int main(int count, char** words) {
  // A file-size limit is a failed write with a message, not the end of the process.
  std::signal(SIGXFSZ, SIG_IGN);
  return arrears::cli::run(count, words);
}
