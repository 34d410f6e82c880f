#include "programs/arrears/command_line.h"

int main(int count, char** words) { return arrears::cli::run(count, words); }
