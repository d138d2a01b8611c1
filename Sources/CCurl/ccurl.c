#include "ccurl.h"

#include <dlfcn.h>
#include <stdio.h>
#include <string.h>

/* Every function that is used, with the type that libcurl's header gives it. */
#define FUNCTIONS(DO) \
    DO(global_init) DO(version) DO(easy_init) DO(easy_cleanup) DO(easy_setopt) DO(easy_getinfo) DO(easy_pause) DO(easy_strerror) \
    DO(slist_append) DO(slist_free_all) DO(multi_init) DO(multi_cleanup) DO(multi_setopt) DO(multi_add_handle) \
    DO(multi_remove_handle) DO(multi_perform) DO(multi_info_read) DO(multi_poll) DO(multi_wakeup) DO(multi_socket_action) \
    DO(easy_perform) DO(easy_send) DO(easy_recv)

struct table {
#define FIELD(name) __typeof__(curl_##name) *name;
    FUNCTIONS(FIELD)
#undef FIELD
};

static struct table curl;

int cc_load(const char *name, char *reason, size_t length) {
    struct table found;
    void *symbol;
    /* All of it now: a library that lacks one of its own must be refused here, and not end the process at its first use. */
    void *library = dlopen(name, RTLD_NOW | RTLD_LOCAL);
    if (!library) {
        const char *words = dlerror();
        snprintf(reason, length, "%s", words ? words : name);
        return -1;
    }
    /* The standard does not let an object pointer become a function pointer; POSIX does, byte by byte. */
#define FIND(name_) \
    symbol = dlsym(library, "curl_" #name_); \
    if (!symbol) { \
        snprintf(reason, length, "%s: no function curl_" #name_, name); \
        dlclose(library); \
        return -1; \
    } \
    memcpy(&found.name_, &symbol, sizeof symbol);
    FUNCTIONS(FIND)
#undef FIND
    curl = found;
    return 0;
}

CURLcode cc_global_init(long flags) { return curl.global_init(flags); }
const char *cc_version(void) { return curl.version(); }
CURL *cc_easy_init(void) { return curl.easy_init(); }
void cc_easy_cleanup(CURL *handle) { curl.easy_cleanup(handle); }
CURLcode cc_easy_pause(CURL *handle, int mask) { return curl.easy_pause(handle, mask); }
const char *cc_easy_strerror(CURLcode code) { return curl.easy_strerror(code); }
struct curl_slist *cc_slist_append(struct curl_slist *list, const char *text) { return curl.slist_append(list, text); }
void cc_slist_free_all(struct curl_slist *list) { curl.slist_free_all(list); }
CURLM *cc_multi_init(void) { return curl.multi_init(); }
CURLMcode cc_multi_cleanup(CURLM *multi) { return curl.multi_cleanup(multi); }
CURLMcode cc_multi_add_handle(CURLM *multi, CURL *handle) { return curl.multi_add_handle(multi, handle); }
CURLMcode cc_multi_remove_handle(CURLM *multi, CURL *handle) { return curl.multi_remove_handle(multi, handle); }
CURLMcode cc_multi_perform(CURLM *multi, int *running) { return curl.multi_perform(multi, running); }
CURLMsg *cc_multi_info_read(CURLM *multi, int *left) { return curl.multi_info_read(multi, left); }
CURLMcode cc_multi_poll(CURLM *multi, int milliseconds) { return curl.multi_poll(multi, NULL, 0, milliseconds, NULL); }
CURLMcode cc_multi_wakeup(CURLM *multi) { return curl.multi_wakeup(multi); }
CURLMcode cc_multi_socket_action(CURLM *multi, curl_socket_t socket, int events, int *running) {
    return curl.multi_socket_action(multi, socket, events, running);
}

CURLcode cc_set_long(CURL *handle, CURLoption option, long value) { return curl.easy_setopt(handle, option, value); }
CURLcode cc_set_off(CURL *handle, CURLoption option, curl_off_t value) { return curl.easy_setopt(handle, option, value); }
CURLcode cc_set_str(CURL *handle, CURLoption option, const char *value) { return curl.easy_setopt(handle, option, value); }
CURLcode cc_set_ptr(CURL *handle, CURLoption option, void *value) { return curl.easy_setopt(handle, option, value); }
CURLcode cc_set_slist(CURL *handle, CURLoption option, struct curl_slist *value) { return curl.easy_setopt(handle, option, value); }
CURLcode cc_set_data_fn(CURL *handle, CURLoption option, cc_data_fn function) { return curl.easy_setopt(handle, option, function); }
CURLcode cc_set_seek_fn(CURL *handle, CURLoption option, cc_seek_fn function) { return curl.easy_setopt(handle, option, function); }
CURLcode cc_set_sockopt_fn(CURL *handle, CURLoption option, cc_sockopt_fn function) {
    return curl.easy_setopt(handle, option, function);
}

/* Libraries before 7.85 (Ubuntu 22.04) know the older options only, as may the header that this is built with. */
CURLcode cc_allow_http_only(CURL *handle) {
    static const char names[] = "http,https";
    static const long protocols = 1L << 0 | 1L << 1; /* CURLPROTO_HTTP, CURLPROTO_HTTPS */
    enum { older = CURLOPTTYPE_LONG + 181, older_redirected, newer = CURLOPTTYPE_STRINGPOINT + 318, newer_redirected };
    CURLcode code = curl.easy_setopt(handle, (CURLoption)newer, names);
    if (code == CURLE_OK) code = curl.easy_setopt(handle, (CURLoption)newer_redirected, names);
    if (code != CURLE_UNKNOWN_OPTION) return code;
    code = curl.easy_setopt(handle, (CURLoption)older, protocols);
    return code == CURLE_OK ? curl.easy_setopt(handle, (CURLoption)older_redirected, protocols) : code;
}

CURLcode cc_info_long(CURL *handle, CURLINFO info, long *value) { return curl.easy_getinfo(handle, info, value); }
CURLcode cc_info_off(CURL *handle, CURLINFO info, curl_off_t *value) { return curl.easy_getinfo(handle, info, value); }
CURLcode cc_info_ptr(CURL *handle, CURLINFO info, void **value) { return curl.easy_getinfo(handle, info, value); }
CURLMcode cc_multi_long(CURLM *multi, CURLMoption option, long value) { return curl.multi_setopt(multi, option, value); }
CURLMcode cc_multi_socket_fn(CURLM *multi, cc_socket_fn function) {
    return curl.multi_setopt(multi, CURLMOPT_SOCKETFUNCTION, function);
}
CURLMcode cc_multi_timer_fn(CURLM *multi, cc_timer_fn function) { return curl.multi_setopt(multi, CURLMOPT_TIMERFUNCTION, function); }
CURLMcode cc_multi_ptr(CURLM *multi, CURLMoption option, void *value) { return curl.multi_setopt(multi, option, value); }

CURLcode cc_msg_result(const CURLMsg *message) { return message->data.result; }

CURLcode cc_easy_perform(CURL *handle) { return curl.easy_perform(handle); }
CURLcode cc_easy_send(CURL *handle, const void *bytes, size_t count, size_t *sent) {
    return curl.easy_send(handle, bytes, count, sent);
}
CURLcode cc_easy_recv(CURL *handle, void *bytes, size_t capacity, size_t *received) {
    return curl.easy_recv(handle, bytes, capacity, received);
}
CURLcode cc_info_socket(CURL *handle, curl_socket_t *socket) { return curl.easy_getinfo(handle, CURLINFO_ACTIVESOCKET, socket); }
