
namespace faceoff::simulate {}
