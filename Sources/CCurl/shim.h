#ifndef CCURL_SHIM_H
#define CCURL_SHIM_H
/* gcc's type checks on setopt say nothing through a shim and slow the importer down. */
#define CURL_DISABLE_TYPECHECK 1
#include <curl/curl.h>
/* Not in the Glibc module. */
#include <sys/eventfd.h>

/* Swift cannot import variadic functions. One typed door per argument type: a long must travel as a long and a
   curl_off_t as a curl_off_t, an int on the va_list is undefined behaviour. */
static inline CURLcode cc_set_long(CURL *h, CURLoption o, long v) { return curl_easy_setopt(h, o, v); }
static inline CURLcode cc_set_off(CURL *h, CURLoption o, curl_off_t v) { return curl_easy_setopt(h, o, v); }
/* curl copies strings, except POSTFIELDS; it never copies ERRORBUFFER and the *DATA pointers. */
static inline CURLcode cc_set_str(CURL *h, CURLoption o, const char *v) { return curl_easy_setopt(h, o, v); }
static inline CURLcode cc_set_ptr(CURL *h, CURLoption o, void *v) { return curl_easy_setopt(h, o, v); }
static inline CURLcode cc_set_slist(CURL *h, CURLoption o, struct curl_slist *v) { return curl_easy_setopt(h, o, v); }
typedef size_t (*cc_data_fn)(char *, size_t, size_t, void *);
static inline CURLcode cc_set_data_fn(CURL *h, CURLoption o, cc_data_fn f) { return curl_easy_setopt(h, o, f); }
typedef int (*cc_seek_fn)(void *, curl_off_t, int);
static inline CURLcode cc_set_seek_fn(CURL *h, CURLoption o, cc_seek_fn f) { return curl_easy_setopt(h, o, f); }
typedef int (*cc_sockopt_fn)(void *, curl_socket_t, curlsocktype);
static inline CURLcode cc_set_sockopt_fn(CURL *h, CURLoption o, cc_sockopt_fn f) { return curl_easy_setopt(h, o, f); }
static inline CURLcode cc_info_long(CURL *h, CURLINFO i, long *v) { return curl_easy_getinfo(h, i, v); }
static inline CURLcode cc_info_off(CURL *h, CURLINFO i, curl_off_t *v) { return curl_easy_getinfo(h, i, v); }
static inline CURLcode cc_info_ptr(CURL *h, CURLINFO i, void **v) { return curl_easy_getinfo(h, i, v); }
static inline CURLcode cc_info_str(CURL *h, CURLINFO i, const char **v) { return curl_easy_getinfo(h, i, v); }
static inline CURLcode cc_info_socket(CURL *h, curl_socket_t *v) { return curl_easy_getinfo(h, CURLINFO_ACTIVESOCKET, v); }
static inline CURLMcode cc_multi_long(CURLM *m, CURLMoption o, long v) { return curl_multi_setopt(m, o, v); }
/* What a loop of one's own needs: libcurl says what to watch and when to be called. */
typedef int (*cc_socket_fn)(CURL *, curl_socket_t, int, void *, void *);
static inline CURLMcode cc_multi_socket_fn(CURLM *m, cc_socket_fn f) { return curl_multi_setopt(m, CURLMOPT_SOCKETFUNCTION, f); }
typedef int (*cc_timer_fn)(CURLM *, long, void *);
static inline CURLMcode cc_multi_timer_fn(CURLM *m, cc_timer_fn f) { return curl_multi_setopt(m, CURLMOPT_TIMERFUNCTION, f); }
static inline CURLMcode cc_multi_ptr(CURLM *m, CURLMoption o, void *v) { return curl_multi_setopt(m, o, v); }
/* CURLMsg.data is a union: read it in C. */
static inline CURLcode cc_msg_result(const CURLMsg *m) { return m->data.result; }
#endif
