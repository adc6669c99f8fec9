
namespace faceoff::compare {}
