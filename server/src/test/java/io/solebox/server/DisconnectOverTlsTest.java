package io.solebox.server;

import io.solebox.server.tls.TlsConfig;
import java.nio.file.Path;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;

/** A client that goes away over TLS frees its slot as soon. */
@Tag("slow")
class DisconnectOverTlsTest extends DisconnectTest {
  @TempDir static Path folder;

  @Override
  ServerConfig config() {
    return super.config().withTls(TlsConfig.of(new TlsConfig.Certificate.Own(folder)));
  }
}
