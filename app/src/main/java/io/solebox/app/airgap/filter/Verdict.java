package io.solebox.app.airgap.filter;

/** What becomes of a system call. */
enum Verdict {
  ALLOW,
  /** {@code EPERM}. */
  REFUSE,
  /** {@code ENOSYS}, as of a kernel that does not know it. */
  ABSENT,
  /** By its arguments, as {@link ArgumentRules} says. */
  SOCKET,
  SOCKETPAIR,
  SENDTO,
  CLONE,
  IOCTL
}
