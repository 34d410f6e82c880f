// Runs a fuzzer's entry point without libFuzzer: over the files of a folder, where what a fuzzer
// once found is kept, and over mutations of them. The seed is fixed, so that a failure repeats; the
// input that fails is kept in the current folder as crash-<program>.
#include <algorithm>
#include <csignal>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <random>
#include <string>
#include <string_view>
#include <vector>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size);

namespace {
namespace fs = std::filesystem;

const std::string* current = nullptr;
std::string crash_file;

/// Keeps the input that failed. Not safe in a signal handler by the letter; the process ends here.
void keep_input(int) {
  std::ofstream(crash_file, std::ios::binary) << *current;
  std::fprintf(stderr, "input of %zu bytes kept as %s\n", current->size(), crash_file.c_str());
  std::_Exit(1);
}

void run(const std::string& input) {
  current = &input;
  LLVMFuzzerTestOneInput(reinterpret_cast<const std::uint8_t*>(input.data()), input.size());
}

std::vector<std::string> read_corpus(const fs::path& folder) {
  std::vector<fs::path> paths;
  if (fs::is_directory(folder)) {
    for (const auto& entry : fs::directory_iterator(folder)) paths.push_back(entry.path());
  }
  std::sort(paths.begin(), paths.end());
  std::vector<std::string> corpus = {""};
  for (const fs::path& path : paths) {
    std::ifstream file(path, std::ios::binary);
    corpus.emplace_back(std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>());
  }
  return corpus;
}

/// Changes a few bytes: other byte, inserted byte, cut piece, repeated piece, piece of another.
std::string mutate(std::string text, const std::vector<std::string>& corpus,
                   std::mt19937_64& random) {
  constexpr std::string_view telling(",;\t|\"\\\r\n\0'#-.() 0123456789E\xEF\xBB\xBF\xFF\xC3\xA9",
                                     37);
  constexpr std::size_t size_max = 1 << 14;
  const auto below = [&](std::size_t limit) { return limit == 0 ? 0 : random() % limit; };
  const auto some_byte = [&] {
    return below(4) == 0 ? static_cast<char>(random()) : telling[below(telling.size())];
  };
  for (std::size_t changes = 1 + below(6); changes > 0; --changes) {
    const std::size_t at = below(text.size() + 1);
    const std::size_t length = below(std::min<std::size_t>(text.size() - at, 32) + 1);
    switch (below(5)) {
      case 0:
        if (at < text.size()) text[at] = some_byte();
        break;
      case 1:
        text.insert(at, 1, some_byte());
        break;
      case 2:
        text.erase(at, length);
        break;
      case 3:
        text.insert(below(text.size() + 1), text.substr(at, length));
        break;
      case 4: {
        const std::string& other = corpus[below(corpus.size())];
        const std::size_t from = below(other.size() + 1);
        text.insert(at, other.substr(from, below(64)));
        break;
      }
    }
  }
  if (text.size() > size_max) text.resize(size_max);
  return text;
}
}  // namespace

int main(int argc, char** argv) {
  if (argc < 2 || argc > 3) {
    std::fprintf(stderr, "usage: %s FOLDER [MUTATIONS]\n", argv[0]);
    return 2;
  }
  crash_file = "crash-" + fs::path(argv[0]).filename().string();
  for (const int signal : {SIGABRT, SIGSEGV, SIGBUS, SIGFPE, SIGILL}) {
    std::signal(signal, keep_input);
  }
  const std::vector<std::string> corpus = read_corpus(argv[1]);
  for (const std::string& input : corpus) run(input);
  std::mt19937_64 random(20260601);
  const long mutations = argc == 3 ? std::strtol(argv[2], nullptr, 10) : 0;
  for (long i = 0; i < mutations; ++i)
    run(mutate(corpus[random() % corpus.size()], corpus, random));
  std::printf("replayed %zu inputs and %ld mutations\n", corpus.size(), mutations);
  return 0;
}
