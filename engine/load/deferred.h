// A value that is made when somebody first looks at it.
#pragma once

#include <functional>
#include <utility>

namespace sovrisk {

/// Made once, on the first look; it stays where it is as long as this is not moved. Looking is not for several threads
/// at once. Move-only: a copy would be made a second time.
template <class T>
class Deferred {
 public:
  Deferred() = default;
  /// One that is there already.
  Deferred(T value) : value_(std::move(value)) {}
  /// One that `make` makes.
  explicit Deferred(std::function<T()> make) : make_(std::move(make)) {}
  Deferred(Deferred&&) noexcept = default;
  Deferred& operator=(Deferred&&) noexcept = default;
  Deferred(const Deferred&) = delete;
  Deferred& operator=(const Deferred&) = delete;
  ~Deferred() = default;

  [[nodiscard]] const T& operator*() const {
    if (make_) {
      value_ = make_();
      make_ = nullptr;
    }
    return value_;
  }
  [[nodiscard]] const T* operator->() const { return &**this; }

 private:
  mutable T value_{};
  mutable std::function<T()> make_;
};

}  // namespace sovrisk
