package io.solebox.hardware.box;

import java.util.List;

/**
 * A program that is asked about the machine.
 *
 * @param file what it says is kept as, as in {@code dmesg.txt}
 * @param commands the first that can be run and says something is the one that counts
 */
public record Tool(String file, List<List<String>> commands) {
  /** All of them; {@code scripts/collect.sh} has the same. */
  public static final List<Tool> ALL =
      List.of(
          tool("dmesg.txt", "dmesg", "journalctl -k -b 0 --no-pager -q"),
          tool("journal.txt", "journalctl -k -b -1 --no-pager -q"),
          tool("uname.txt", "uname -a"),
          tool("getconf-pagesize.txt", "getconf PAGESIZE"),
          tool("lsmod.txt", "lsmod"),
          tool("lspci-nn.txt", "lspci -D -nn"),
          tool("lspci-vvv.txt", "lspci -D -nn -vvv"),
          tool("nvidia-smi.txt", "nvidia-smi"),
          tool("nvidia-smi-L.txt", "nvidia-smi -L"),
          tool("nvidia-smi-q.txt", "nvidia-smi -q"),
          tool("nvidia-smi-topo.txt", "nvidia-smi topo -m"),
          tool("dmidecode.txt", "dmidecode -t 39"),
          tool("modinfo-nvidia.txt", "modinfo nvidia"),
          tool("mokutil.txt", "mokutil --sb-state"),
          tool("systemctl.txt", "systemctl status nvidia-fabricmanager --no-pager -n 20"));

  public Tool {
    commands = commands.stream().map(List::copyOf).toList();
  }

  private static Tool tool(String file, String... commands) {
    return new Tool(
        file, List.of(commands).stream().map(each -> List.of(each.split(" "))).toList());
  }
}
