#include "csystem.h"

#include <errno.h>
#include <linux/rtnetlink.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

int cs_delete_interface(unsigned index) {
    struct {
        struct nlmsghdr header;
        struct ifinfomsg link;
    } request;
    memset(&request, 0, sizeof request);
    request.header.nlmsg_len = sizeof request;
    request.header.nlmsg_type = RTM_DELLINK;
    request.header.nlmsg_flags = NLM_F_REQUEST | NLM_F_ACK;
    request.link.ifi_index = (int)index;

    int netlink = socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, NETLINK_ROUTE);
    if (netlink < 0) return errno;
    /* The kernel answers within send(2); the deadline is for the case that this ever changes. */
    struct timeval patience = {.tv_sec = 2};
    setsockopt(netlink, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
    int result = 0;
    struct {
        struct nlmsghdr header;
        struct nlmsgerr answer;
        char rest[512];
    } reply;
    if (send(netlink, &request, sizeof request, 0) < 0) {
        result = errno;
    } else {
        ssize_t length = recv(netlink, &reply, sizeof reply, 0);
        if (length < 0) result = errno;
        else if ((size_t)length < sizeof reply.header + sizeof reply.answer || reply.header.nlmsg_type != NLMSG_ERROR) result = EPROTO;
        else result = -reply.answer.error;
    }
    close(netlink);
    return result;
}
