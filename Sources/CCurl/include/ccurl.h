#ifndef CCURL_H
#define CCURL_H
/* gcc's type checks on setopt say nothing through a door of one's own and slow the importer down. */
#define CURL_DISABLE_TYPECHECK 1
#include <curl/curl.h>
/* Not in the Glibc module. */
#include <sys/eventfd.h>

/* libcurl as ailab uses it: types and constants are those of its header, the functions are looked up at run time, so that a start
   does not load the forty libraries behind it, and a machine without it still has everything that needs no HTTP. Whoever calls
   libcurl's own functions instead of these does not get linked. */

/* Loads the library of that name or path and looks up every function. Zero where that went well; otherwise `reason` says why, nothing
   has changed, and another name may be tried. Not at once from two threads. */
int cc_load(const char *name, char *reason, size_t length);

/* The doors: only after a successful `cc_load`. */
CURLcode cc_global_init(long flags);
const char *cc_version(void);
CURL *cc_easy_init(void);
void cc_easy_cleanup(CURL *handle);
CURLcode cc_easy_pause(CURL *handle, int mask);
const char *cc_easy_strerror(CURLcode code);
struct curl_slist *cc_slist_append(struct curl_slist *list, const char *text);
void cc_slist_free_all(struct curl_slist *list);
CURLM *cc_multi_init(void);
CURLMcode cc_multi_cleanup(CURLM *multi);
CURLMcode cc_multi_add_handle(CURLM *multi, CURL *handle);
CURLMcode cc_multi_remove_handle(CURLM *multi, CURL *handle);
CURLMcode cc_multi_perform(CURLM *multi, int *running);
CURLMsg *cc_multi_info_read(CURLM *multi, int *left);
CURLMcode cc_multi_poll(CURLM *multi, int milliseconds);
CURLMcode cc_multi_wakeup(CURLM *multi);
CURLMcode cc_multi_socket_action(CURLM *multi, curl_socket_t socket, int events, int *running);

/* Swift cannot import variadic functions. One typed door per argument type: a long must travel as a long and a
   curl_off_t as a curl_off_t, an int on the va_list is undefined behaviour. */
CURLcode cc_set_long(CURL *handle, CURLoption option, long value);
CURLcode cc_set_off(CURL *handle, CURLoption option, curl_off_t value);
/* curl copies strings, except POSTFIELDS; it never copies ERRORBUFFER and the *DATA pointers. */
CURLcode cc_set_str(CURL *handle, CURLoption option, const char *value);
CURLcode cc_set_ptr(CURL *handle, CURLoption option, void *value);
CURLcode cc_set_slist(CURL *handle, CURLoption option, struct curl_slist *value);
typedef size_t (*cc_data_fn)(char *, size_t, size_t, void *);
CURLcode cc_set_data_fn(CURL *handle, CURLoption option, cc_data_fn function);
typedef int (*cc_seek_fn)(void *, curl_off_t, int);
CURLcode cc_set_seek_fn(CURL *handle, CURLoption option, cc_seek_fn function);
typedef int (*cc_sockopt_fn)(void *, curl_socket_t, curlsocktype);
CURLcode cc_set_sockopt_fn(CURL *handle, CURLoption option, cc_sockopt_fn function);
/* Only http and https, also where a server redirects to. */
CURLcode cc_allow_http_only(CURL *handle);
CURLcode cc_info_long(CURL *handle, CURLINFO info, long *value);
CURLcode cc_info_off(CURL *handle, CURLINFO info, curl_off_t *value);
CURLcode cc_info_ptr(CURL *handle, CURLINFO info, void **value);
CURLMcode cc_multi_long(CURLM *multi, CURLMoption option, long value);
/* What a loop of one's own needs: libcurl says what to watch and when to be called. */
typedef int (*cc_socket_fn)(CURL *, curl_socket_t, int, void *, void *);
CURLMcode cc_multi_socket_fn(CURLM *multi, cc_socket_fn function);
typedef int (*cc_timer_fn)(CURLM *, long, void *);
CURLMcode cc_multi_timer_fn(CURLM *multi, cc_timer_fn function);
CURLMcode cc_multi_ptr(CURLM *multi, CURLMoption option, void *value);
/* CURLMsg.data is a union: read it in C. */
CURLcode cc_msg_result(const CURLMsg *message);

/* For a connection that libcurl only opens, and that is spoken on by hand. */
CURLcode cc_easy_perform(CURL *handle);
CURLcode cc_easy_send(CURL *handle, const void *bytes, size_t count, size_t *sent);
CURLcode cc_easy_recv(CURL *handle, void *bytes, size_t capacity, size_t *received);
CURLcode cc_info_socket(CURL *handle, curl_socket_t *socket);
#endif
