#ifndef CPICTURES_H
#define CPICTURES_H

#include <stddef.h>
#include <stdint.h>

// Grey values of a PNG or JPEG picture in memory. A picture with more pixels than `pixel_limit` is refused before anything is allocated for
// it. Errors of the libraries stay on this side: no jump crosses a Swift frame.

// The picture's size after decoding; 0 if the bytes are no such picture or the picture is too large. A large JPEG
// is decoded at a half, a quarter or an eighth of its size if its longer side keeps `side` pixels, which takes less time and memory.
int cp_size(const uint8_t *bytes, size_t count, size_t pixel_limit, uint32_t side, uint32_t *width, uint32_t *height);

// Writes width * height grey values, row by row, 0 black to 255 white; transparent parts are black. 0 if the picture is damaged.
int cp_decode(const uint8_t *bytes, size_t count, size_t pixel_limit, uint32_t side, uint8_t *pixels, uint32_t width, uint32_t height);

#endif
