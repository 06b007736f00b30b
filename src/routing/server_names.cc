// SPDX-License-Identifier: MIT
// The tables behind ServerNames, and what of a name goes into which (ngx_hash_add_key).
#include "routing/server_names.h"

#include <algorithm>
#include <functional>
#include <string>
#include <unordered_map>
#include <unordered_set>

#include "confparse/error.h"
#include "routing/hostname.h"
#include "routing/pattern.h"

namespace sluice::routing {
namespace {

using confparse::ConfigError;
using confparse::ServerBlock;
using confparse::Text;

// Lets a map of strings be asked with a view.
struct Hash {
  using is_transparent = void;
  std::size_t operator()(std::string_view text) const {
    return std::hash<std::string_view>{}(text);
  }
};
using NameMap = std::unordered_map<std::string, std::size_t, Hash, std::equal_to<>>;

bool is_upper(char c) {
  return c >= 'A' && c <= 'Z';
}

std::string lower(std::string_view name) {
  std::string letters(name);
  for (char& c : letters) {
    if (is_upper(c)) c = static_cast<char>(c | 0x20);
  }
  return letters;
}

}  // namespace

class ServerNames::Tables {
 public:
  Tables(const std::vector<const ServerBlock*>& servers, std::size_t default_server,
         VariableTable& variables)
      : default_(default_server) {
    for (std::size_t i = 0; i < servers.size(); ++i) {
      const ServerBlock& server = *servers[i];
      if (server.names.empty()) add({"", server.position}, i, variables);
      for (const Text& name : server.names) add(name, i, variables);
    }
  }

  std::size_t find(std::string_view host, Captures& captures) const {
    if (const auto found = exact_.find(host); found != exact_.end()) return found->second;
    if (host.empty()) return default_;
    if (const std::size_t* server = find_front(host)) return *server;
    if (const std::size_t* server = find_end(host)) return *server;
    for (const Regex& regex : regexes_) {
      if (regex.pattern.search(host, captures)) return regex.server;
    }
    return default_;
  }

  [[nodiscard]] const std::vector<Text>& ignored() const { return ignored_; }

 private:
  struct Regex {
    Pattern pattern;
    std::size_t server;
  };

  void add(const Text& text, std::size_t server, VariableTable& variables) {
    if (text.value.starts_with('~')) {
      add_regex(text, server, variables);
      return;
    }
    const std::string name = text.value == "$hostname" ? hostname() : lower(text.value);
    check(text, name);
    if (name.starts_with('.')) {
      add_dotted(text, name, server);
    } else if (name.starts_with("*.")) {
      keep_first(text, front_.try_emplace(name.substr(1), server).second);
    } else if (name.ends_with(".*")) {
      keep_first(text, end_.try_emplace(name.substr(0, name.size() - 2), server).second);
    } else {
      keep_first(text, exact_.try_emplace(name, server).second);
    }
  }

  // ".example.com" is "example.com" and "*.example.com" in one: it is taken whole or not at all.
  void add_dotted(const Text& text, const std::string& name, std::size_t server) {
    const std::string plain = name.substr(1);
    const bool is_new = !exact_.contains(plain) && !front_.contains(name);
    if (is_new) {
      exact_.emplace(plain, server);
      front_.emplace(name, server);
    }
    keep_first(text, is_new);
  }

  void add_regex(const Text& text, std::size_t server, VariableTable& variables) {
    Text pattern{text.value.substr(1), text.position};
    if (pattern.value.empty()) {
      throw ConfigError(text.position, "empty regex in server name \"" + text.value + "\"");
    }
    // A host is in lower case; capitals in the pattern say that its writer did not think of that.
    const bool has_upper = std::any_of(pattern.value.begin(), pattern.value.end(), is_upper);
    const auto letters = has_upper ? Pattern::Case::insensitive : Pattern::Case::sensitive;
    regexes_.push_back({Pattern(pattern, letters, variables), server});
  }

  // nginx has two wordings: ngx_http_core_server_name's, then ngx_http_server_names'.
  static void check(const Text& text, std::string_view name) {
    const char* advice = "an asterisk stands for whole labels, at the front or at the end only";
    if (name == "." || (name.starts_with('*') && (name.size() < 3 || name[1] != '.'))) {
      throw ConfigError(text.position, "server name \"" + text.value + "\" is invalid", advice);
    }
    std::string_view plain = name;
    if (name.starts_with("*."))
      plain = name.substr(2);
    else if (name.size() > 2 && name.ends_with(".*"))
      plain = name.substr(0, name.size() - 2);
    if (plain.find('*') != plain.npos || name.find("..") != name.npos) {
      throw ConfigError(text.position, "invalid server name or wildcard \"" + text.value + "\"",
                        advice);
    }
  }

  void keep_first(const Text& text, bool is_new) {
    if (!is_new) ignored_.push_back(text);
  }

  // "www.a.example.com": ".a.example.com", then ".example.com", then ".com".
  [[nodiscard]] const std::size_t* find_front(std::string_view host) const {
    if (front_.empty()) return nullptr;
    for (auto dot = host.find('.'); dot != host.npos; dot = host.find('.', dot + 1)) {
      const auto found = front_.find(host.substr(dot));
      if (found != front_.end()) return &found->second;
    }
    return nullptr;
  }

  // "mail.example.com": "mail.example", then "mail".
  [[nodiscard]] const std::size_t* find_end(std::string_view host) const {
    if (end_.empty()) return nullptr;
    std::string_view front = host;
    for (auto dot = front.rfind('.'); dot != front.npos; dot = front.rfind('.')) {
      front = front.substr(0, dot);
      const auto found = end_.find(front);
      if (found != end_.end()) return &found->second;
    }
    return nullptr;
  }

  std::size_t default_;
  NameMap exact_;
  NameMap front_;  // "*.example.com" as ".example.com"
  NameMap end_;    // "mail.*" as "mail"
  std::vector<Regex> regexes_;
  std::vector<Text> ignored_;
};

ServerNames::ServerNames(const std::vector<const ServerBlock*>& servers, std::size_t default_server,
                         VariableTable& variables)
    : tables_(std::make_unique<Tables>(servers, default_server, variables)) {}

ServerNames::~ServerNames() = default;
ServerNames::ServerNames(ServerNames&&) noexcept = default;
ServerNames& ServerNames::operator=(ServerNames&&) noexcept = default;

std::size_t ServerNames::find(std::string_view host, Captures& captures) const {
  return tables_->find(host, captures);
}

const std::vector<Text>& ServerNames::ignored() const {
  return tables_->ignored();
}

}  // namespace sluice::routing
