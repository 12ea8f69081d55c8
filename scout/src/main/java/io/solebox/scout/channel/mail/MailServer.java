package io.solebox.scout.channel.mail;

import java.util.Optional;
import javax.net.ssl.SSLContext;

/**
 * Whom mail is given to.
 *
 * @param port 465 for encryption from the first byte on; on others it is asked for, and required of
 *     all that is not this machine
 * @param login empty where the server wants to know nobody
 * @param trust who may sign its certificate
 */
public record MailServer(String host, int port, Optional<Login> login, SSLContext trust) {
  static final int ENCRYPTED = 465;

  /** A name and its password, which no message shows. */
  public record Login(String user, String password) {
    @Override
    public String toString() {
      return user;
    }
  }
}
