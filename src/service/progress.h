// What a run tells, in the public form.
#pragma once

#include <functional>

#include "limbeck/upgrade.h"

#include "run/event.h"

namespace limbeck {

// Hands every event on to the callback; an empty sink for an empty callback.
EventSink progress_sink(std::function<void(const Progress&)> callback);

}  // namespace limbeck
