#include <faceoff/suite/suite.h>
#include <faceoff/suite/template.h>

namespace faceoff::suite {}
