#include <faceoff/net/curl_transport.h>
#include <faceoff/net/fake_transport.h>
#include <faceoff/net/ndjson.h>
#include <faceoff/net/sse.h>
#include <faceoff/net/transport.h>
#include <faceoff/net/url.h>

namespace faceoff::net {}
