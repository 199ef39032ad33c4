/*
 * crush_encode: from a working picture to a JPEG of a quality or within a budget.
 */
#include "encode_jpeg.h"

#include <stdlib.h>

crush_status crush_encode(const crush_picture *picture, const crush_encode_options *options, crush_result *ret_result,
                          crush_error *ret_error)
{
    crush_encode_options defaults;
    if (!options) {
        crush_encode_options_init(&defaults);
        options = &defaults;
    }
    crush_result best = {0};
    int low = 1, high = 100;
    if (!options->budget_bytes)
        low = high = options->quality;
    size_t smallest = 0;
    while (low <= high) {
        int quality = (low + high) / 2;
        crush_result result = {0};
        crush_status status = encode_jpeg(picture, quality, &result, ret_error);
        if (status != CRUSH_OK) {
            crush_result_clear(&best);
            return status;
        }
        smallest = result.size_bytes;
        if (!options->budget_bytes || result.size_bytes <= options->budget_bytes) {
            crush_result_clear(&best);
            best = result;
            low = quality + 1;
        } else {
            crush_result_clear(&result);
            high = quality - 1;
        }
    }
    if (!best.data) {
        crush_fail(ret_error, CRUSH_EBUDGET, "the smallest size reachable is %zu bytes", smallest);
        if (ret_error)
            ret_error->value = smallest;
        return CRUSH_EBUDGET;
    }
    *ret_result = best;
    return CRUSH_OK;
}

void crush_result_clear(crush_result *result)
{
    if (!result)
        return;
    free(result->data);
    *result = (crush_result){0};
}
