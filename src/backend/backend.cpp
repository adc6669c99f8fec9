#include <faceoff/backend/backend.h>
#include <faceoff/backend/failure.h>
#include <faceoff/backend/spec.h>

namespace faceoff::backend {}
