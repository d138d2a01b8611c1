#include "cpictures.h"

#include <setjmp.h>
#include <stdio.h>
#include <string.h>

// After stdio.h, which jpeglib.h needs and doesn't include.
#include <jerror.h>
#include <jpeglib.h>
#include <png.h>

static int is_jpeg(const uint8_t *bytes, size_t count) { return count > 3 && bytes[0] == 0xFF && bytes[1] == 0xD8 && bytes[2] == 0xFF; }

static int is_png(const uint8_t *bytes, size_t count) { return count > 8 && png_sig_cmp(bytes, 0, 8) == 0; }

static int is_small(uint32_t width, uint32_t height, size_t pixel_limit) {
    return width > 0 && height > 0 && (uint64_t)width * height <= pixel_limit;
}

// libpng's simplified API does its own setjmp. A NULL buffer asks only for the size.
static int png_run(
    const uint8_t *bytes, size_t count, size_t pixel_limit, uint8_t *pixels, uint32_t *width, uint32_t *height) {
    png_image image;
    memset(&image, 0, sizeof image);
    image.version = PNG_IMAGE_VERSION;
    if (!png_image_begin_read_from_memory(&image, bytes, count)) return 0;
    int good = is_small(image.width, image.height, pixel_limit);
    if (good && pixels) {
        const png_color black = {0, 0, 0};
        image.format = PNG_FORMAT_GRAY;
        good = image.width == *width && image.height == *height
            && png_image_finish_read(&image, &black, pixels, (png_int_32)image.width, NULL);
    }
    *width = image.width;
    *height = image.height;
    png_image_free(&image);
    return good;
}

struct jpeg_failure {
    struct jpeg_error_mgr base;
    jmp_buf place;
};

static void jpeg_failed(j_common_ptr state) { longjmp(((struct jpeg_failure *)state->err)->place, 1); }

// A warning means that the library makes pixels up. Only bytes between two markers do no harm: cameras leave some there.
static void jpeg_warned(j_common_ptr state, int level) {
    if (level < 0 && state->err->msg_code != JWRN_EXTRANEOUS_DATA) jpeg_failed(state);
}

// A small progressive JPEG can name thousands of scans over a large picture, each of which takes the time of a whole one.
static void jpeg_progressed(j_common_ptr state) {
    if (state->is_decompressor && ((j_decompress_ptr)state)->input_scan_number > 100) jpeg_failed(state);
}

static int jpeg_run(
    const uint8_t *bytes, size_t count, size_t pixel_limit, uint32_t side, uint8_t *pixels, uint32_t *width, uint32_t *height) {
    struct jpeg_decompress_struct picture;
    struct jpeg_failure failure;
    struct jpeg_progress_mgr progress = {.progress_monitor = jpeg_progressed};
    memset(&picture, 0, sizeof picture);
    picture.err = jpeg_std_error(&failure.base);
    failure.base.error_exit = jpeg_failed;
    failure.base.emit_message = jpeg_warned;
    if (setjmp(failure.place)) {
        jpeg_destroy_decompress(&picture);
        return 0;
    }
    jpeg_create_decompress(&picture);
    picture.progress = &progress;
    jpeg_mem_src(&picture, bytes, count);
    jpeg_read_header(&picture, TRUE);
    if (!is_small(picture.image_width, picture.image_height, pixel_limit)) jpeg_failed((j_common_ptr)&picture);
    picture.out_color_space = JCS_GRAYSCALE;
    picture.scale_num = 1;
    picture.scale_denom = 1;
    uint32_t longer = picture.image_width > picture.image_height ? picture.image_width : picture.image_height;
    while (picture.scale_denom < 8 && longer / (2 * picture.scale_denom) >= side) picture.scale_denom *= 2;
    jpeg_calc_output_dimensions(&picture);
    if (pixels) {
        if (picture.output_width != *width || picture.output_height != *height) jpeg_failed((j_common_ptr)&picture);
        jpeg_start_decompress(&picture);
        while (picture.output_scanline < picture.output_height) {
            JSAMPROW row = pixels + (size_t)picture.output_scanline * picture.output_width;
            jpeg_read_scanlines(&picture, &row, 1);
        }
        jpeg_finish_decompress(&picture);
    }
    *width = picture.output_width;
    *height = picture.output_height;
    jpeg_destroy_decompress(&picture);
    return 1;
}

int cp_size(const uint8_t *bytes, size_t count, size_t pixel_limit, uint32_t side, uint32_t *width, uint32_t *height) {
    *width = 0;
    *height = 0;
    if (is_png(bytes, count)) return png_run(bytes, count, pixel_limit, NULL, width, height);
    if (is_jpeg(bytes, count)) return jpeg_run(bytes, count, pixel_limit, side, NULL, width, height);
    return 0;
}

int cp_decode(const uint8_t *bytes, size_t count, size_t pixel_limit, uint32_t side, uint8_t *pixels, uint32_t width, uint32_t height) {
    if (is_png(bytes, count)) return png_run(bytes, count, pixel_limit, pixels, &width, &height);
    if (is_jpeg(bytes, count)) return jpeg_run(bytes, count, pixel_limit, side, pixels, &width, &height);
    return 0;
}
