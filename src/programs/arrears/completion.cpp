#include "programs/arrears/command_line.h"

namespace arrears::cli {

namespace {

/// What may follow a path of sub-commands: "" or "call" or "call log".
struct Place {
  std::string path;
  std::vector<const CLI::App*> commands;
  std::vector<std::string> options;
};

std::vector<std::string> option_names(const CLI::App& command) {
  std::vector<std::string> names;
  for (const CLI::Option* option : command.get_options())
    for (const std::string& name : option->get_lnames()) names.push_back("--" + name);
  return names;
}

void collect(const CLI::App& command, const std::string& path,
             const std::vector<std::string>& global, std::vector<Place>& places) {
  Place place{path, command.get_subcommands([](const CLI::App*) { return true; }),
              option_names(command)};
  if (!path.empty()) place.options.insert(place.options.end(), global.begin(), global.end());
  places.push_back(place);
  for (const CLI::App* one : place.commands)
    collect(*one, path + (path.empty() ? "" : " ") + one->get_name(), global, places);
}

std::string words_of(const Place& place) {
  std::string words;
  for (const CLI::App* command : place.commands) words += command->get_name() + " ";
  for (const std::string& option : place.options) words += option + " ";
  if (!words.empty()) words.pop_back();
  return words;
}

/// A shell function that finds the path among the words typed and names what may follow. Bash and
/// zsh read the same text.
std::string path_function(const std::vector<Place>& places) {
  std::string text =
      "_arrears_words() {\n"
      "  case \"$1\" in\n";
  for (const Place& place : places)
    text += "    '" + place.path + "') echo '" + words_of(place) + "' ;;\n";
  text +=
      "    *) return 1 ;;\n"
      "  esac\n"
      "}\n"
      "_arrears_path() {\n"
      "  local path='' word\n"
      "  for word in \"$@\"; do\n"
      "    case \"$word\" in -*) continue ;; esac\n"
      "    if _arrears_words \"${path:+$path }$word\" > /dev/null; then\n"
      "      path=\"${path:+$path }$word\"\n"
      "    fi\n"
      "  done\n"
      "  echo \"$path\"\n"
      "}\n";
  return text;
}

std::string bash_text(const std::vector<Place>& places) {
  return "# Bash completion of arrears: source it, or put it into /etc/bash_completion.d.\n" +
         path_function(places) +
         "_arrears() {\n"
         "  local path\n"
         "  path=$(_arrears_path \"${COMP_WORDS[@]:1:COMP_CWORD-1}\")\n"
         "  COMPREPLY=($(compgen -W \"$(_arrears_words \"$path\")\" -- "
         "\"${COMP_WORDS[COMP_CWORD]}\"))\n"
         "}\n"
         "complete -o default -F _arrears arrears\n";
}

std::string zsh_text(const std::vector<Place>& places) {
  return "#compdef arrears\n"
         "# Zsh completion of arrears: put it as _arrears into a folder of $fpath.\n" +
         path_function(places) +
         "_arrears() {\n"
         "  local path\n"
         "  path=$(_arrears_path \"${(@)words[2,CURRENT-1]}\")\n"
         "  compadd -- ${=$(_arrears_words \"$path\")} || _files\n"
         "}\n"
         "compdef _arrears arrears\n";
}

/// For single quotes of fish.
std::string quoted(const std::string& text) {
  std::string out = "'";
  for (const char byte : text) {
    if (byte == '\'' || byte == '\\') out += '\\';
    out += byte;
  }
  return out + "'";
}

std::string fish_text(const std::vector<Place>& places) {
  std::string text =
      "# Fish completion of arrears: put it as arrears.fish into ~/.config/fish/completions.\n"
      "function __arrears_at\n"
      "  set -l path\n"
      "  for word in (commandline -opc)[2..-1]\n"
      "    string match -q -- '-*' $word; and continue\n"
      "    contains -- (string join ' ' $path $word) $__arrears_paths; and set path $path $word\n"
      "  end\n"
      "  test (string join ' ' $path) = \"$argv\"\n"
      "end\n";
  text += "set -g __arrears_paths";
  for (const Place& place : places)
    if (!place.path.empty()) text += " " + quoted(place.path);
  text += "\n";
  for (const Place& place : places) {
    const std::string start = "complete -c arrears -n " + quoted("__arrears_at " + place.path);
    for (const CLI::App* command : place.commands) {
      text += start + " -f -a " + command->get_name() + " -d " +
              quoted(command->get_description()) + "\n";
    }
    for (const std::string& option : place.options)
      text += start + " -l " + option.substr(2) + "\n";
  }
  return text;
}

}  // namespace

void add_completion_command(CommandLine& line) {
  auto shell = std::make_shared<std::string>();
  CLI::App& command = line.add(line.app(), "completion", "Print the completion script of a shell",
                               "completion bash", [&line, shell](Session&) {
                                 std::vector<Place> places;
                                 collect(line.app(), "", option_names(line.app()), places);
                                 print_text(*shell == "bash"  ? bash_text(places)
                                            : *shell == "zsh" ? zsh_text(places)
                                                              : fish_text(places));
                               });
  command.add_option("shell", *shell, "bash, zsh or fish")
      ->required()
      ->check(CLI::IsMember({"bash", "zsh", "fish"}));
}

}  // namespace arrears::cli
