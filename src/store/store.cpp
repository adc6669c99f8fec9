#include <faceoff/store/record.h>
#include <faceoff/store/run_folder.h>

namespace faceoff::store {}
