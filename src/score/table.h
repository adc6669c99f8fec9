#pragma once

#include <faceoff/score/scorer.h>

// Declares what every scorers/<id>.cpp defines.
namespace faceoff::score {

#define FACEOFF_SCORER(id) extern const Info id##_scorer;
#include "scorers.def"
#undef FACEOFF_SCORER

}  // namespace faceoff::score
