#include <faceoff/doc/decoder.h>
#include <faceoff/doc/diagnostic.h>
#include <faceoff/doc/node.h>
#include <faceoff/doc/reader.h>

namespace faceoff::doc {}
