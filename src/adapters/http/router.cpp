#include "adapters/http/router.h"

#include <algorithm>
#include <array>
#include <map>
#include <utility>

#include "base/check.h"
#include "base/text.h"

namespace arrears::http {

struct Router::Node {
  std::map<std::string, std::unique_ptr<Node>, std::less<>> words;
  std::unique_ptr<Node> any;  ///< the {name} of this place
  /// Per method: the route and the names of its parameters, in the pattern's order.
  struct Leaf {
    const Route* route = nullptr;
    std::vector<std::string> names;
  };
  std::array<Leaf, base::name_count<Method>> leaves;

  const Leaf& leaf(Method method) const { return leaves[static_cast<std::size_t>(method)]; }
  bool ends_here() const {
    return std::any_of(leaves.begin(), leaves.end(), [](const Leaf& l) { return l.route; });
  }

  /// The node of these segments; `values` collects what stood at each {name}.
  const Node* walk(const std::vector<std::string>& segments, std::size_t at,
                   std::vector<const std::string*>& values) const {
    if (at == segments.size()) return ends_here() ? this : nullptr;
    if (const auto found = words.find(segments[at]); found != words.end())
      if (const Node* node = found->second->walk(segments, at + 1, values)) return node;
    if (!any || segments[at].empty()) return nullptr;
    values.push_back(&segments[at]);
    if (const Node* node = any->walk(segments, at + 1, values)) return node;
    values.pop_back();
    return nullptr;
  }
};

Router::Router() : root_(std::make_unique<Node>()) {}
Router::~Router() = default;
Router::Router(Router&&) noexcept = default;

void Router::add(Method method, std::string_view pattern, Handler handler, RouteOptions options) {
  ARREARS_REQUIRE(pattern.starts_with('/') && handler);
  Node* node = root_.get();
  std::vector<std::string> names;
  if (pattern != "/") {
    for (std::string_view part : base::split(pattern.substr(1), '/')) {
      if (part.starts_with('{')) {
        ARREARS_REQUIRE(part.size() > 2 && part.ends_with('}'));
        names.emplace_back(part.substr(1, part.size() - 2));
        if (!node->any) node->any = std::make_unique<Node>();
        node = node->any.get();
      } else {
        std::unique_ptr<Node>& next = node->words[std::string(part)];
        if (!next) next = std::make_unique<Node>();
        node = next.get();
      }
    }
  }
  Node::Leaf& leaf = node->leaves[static_cast<std::size_t>(method)];
  ARREARS_REQUIRE(!leaf.route);
  routes_.push_back(
      std::make_unique<Route>(Route{method, std::string(pattern), std::move(handler), options}));
  leaf = {routes_.back().get(), std::move(names)};
}

void Router::otherwise(std::string_view name, Handler handler) {
  fallback_ = std::make_unique<Route>(
      Route{Method::get, std::string(name), std::move(handler), {.quick = true}});
}

Router::Match Router::find(Request& request) const {
  request.route.clear();
  Match match;
  std::vector<const std::string*> values;
  const Node* node = root_->walk(request.segments, 0, values);
  const Method asked = request.method == Method::head ? Method::get : request.method;
  if (!node) {
    if (!fallback_) return match;
    if (asked == Method::get) {
      match.route = fallback_.get();
    } else {
      match.allowed = {Method::get, Method::head, Method::options};
    }
    return match;
  }
  const Node::Leaf& leaf = node->leaf(asked);
  match.route = leaf.route;
  if (match.route) {
    for (std::size_t i = 0; i < values.size(); ++i)
      request.route.emplace_back(leaf.names[i], *values[i]);
    return match;
  }
  for (std::size_t i = 0; i < base::name_count<Method>; ++i) {
    const auto method = static_cast<Method>(i);
    const bool served = method == Method::head ? node->leaf(Method::get).route != nullptr
                                               : node->leaf(method).route != nullptr;
    if (served || method == Method::options) match.allowed.push_back(method);
  }
  return match;
}

std::string allow_list(const std::vector<Method>& methods) {
  std::vector<std::string> names;
  for (const Method method : methods) names.emplace_back(base::name(method));
  return base::join(names, ", ");
}

}  // namespace arrears::http
