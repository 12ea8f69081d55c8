package io.solebox.server.tools.mcp;

import io.solebox.server.tools.SourceState;
import io.solebox.server.tools.Tool;
import io.solebox.server.tools.ToolSource;
import java.io.PrintStream;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** The tools of servers that whoever started this one has named; they end with it. */
public final class McpTools implements ToolSource, AutoCloseable {
  private final McpSettings settings;
  private final List<McpConnection> servers = new CopyOnWriteArrayList<>();

  public McpTools(McpSettings settings) {
    this.settings = settings;
  }

  /**
   * Starts the servers, and returns at once; to be called once.
   *
   * @param version of this server
   * @param log hears what goes wrong with them
   */
  public void start(String version, PrintStream log) {
    settings
        .servers()
        .forEach((name, place) -> servers.add(new McpConnection(name, place, version, log)));
  }

  @Override
  public List<Tool> tools() {
    return servers.stream().flatMap(each -> each.tools().stream()).toList();
  }

  @Override
  public List<SourceState> states() {
    return servers.stream().map(McpConnection::state).toList();
  }

  @Override
  public void close() {
    servers.parallelStream().forEach(McpConnection::close);
  }
}
