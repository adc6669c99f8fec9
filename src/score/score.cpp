#include <faceoff/score/scorer.h>

namespace faceoff::score {}
