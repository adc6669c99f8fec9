#pragma once

// Stored answers are records without a case. Private to store.

#include <faceoff/store/answers.h>
#include <faceoff/store/record.h>

namespace faceoff::store {

[[nodiscard]] StoredAnswer answer_of(Record&& record);
// Everything else of the record is left empty.
[[nodiscard]] Record record_of(const StoredAnswer& answer);

}  // namespace faceoff::store
