
namespace faceoff::stats {}
