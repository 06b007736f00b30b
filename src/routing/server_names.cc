// SPDX-License-Identifier: MIT
// The tables behind ServerNames, and what of a name goes into which (ngx_hash_add_key).
#include "routing/server_names.h"

#include <algorithm>
#include <functional>
#include <string>
#include <unordered_map>

#include "confparse/error.h"
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
    const std::string& name = text.value;
    check(text);
    if (name.starts_with('.')) {
      add_dotted(name, server);
    } else if (name.starts_with("*.")) {
      front_.try_emplace(name.substr(1), server);
    } else if (name.ends_with(".*")) {
      end_.try_emplace(name.substr(0, name.size() - 2), server);
    } else {
      exact_.try_emplace(name, server);
    }
  }

  // ".example.com" is "example.com" and "*.example.com" in one: it is taken whole or not at all.
  void add_dotted(const std::string& name, std::size_t server) {
    const std::string plain = name.substr(1);
    if (exact_.contains(plain) || front_.contains(name)) return;
    exact_.emplace(plain, server);
    front_.emplace(name, server);
  }

  void add_regex(const Text& text, std::size_t server, VariableTable& variables) {
    Text pattern{text.value.substr(1), text.position};
    // A host is in lower case; capitals in the pattern say that its writer did not think of that.
    const bool has_upper = std::any_of(pattern.value.begin(), pattern.value.end(), is_upper);
    const auto letters = has_upper ? Pattern::Case::insensitive : Pattern::Case::sensitive;
    regexes_.push_back({Pattern(pattern, letters, variables), server});
  }

  // What else can be wrong with a name, confparse has refused.
  static void check(const Text& text) {
    const std::string_view name = text.value;
    std::string_view plain = name;
    if (name.starts_with("*.")) {
      plain = name.substr(2);
    } else if (name.ends_with(".*")) {
      plain = name.substr(0, name.size() - 2);
    }
    if (plain.find('*') == plain.npos && name.find("..") == name.npos) return;
    throw ConfigError(text.position, "invalid server name or wildcard \"" + text.value + "\"",
                      "an asterisk stands for whole labels, at the front or at the end only");
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

}  // namespace sluice::routing
