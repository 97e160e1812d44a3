# SPDX-License-Identifier: MIT
"""The page that people look at."""

import base64
import html

import figures
import graph
import timeline

STYLE = """
body { font: 15px/1.5 system-ui, sans-serif; max-width: 62em; margin: 2em auto; padding: 0 1em; color: #222; background: #fff }
h1 { font-size: 1.6em; margin-bottom: 0 } h2 { font-size: 1.2em; margin-top: 2em }
.verdict { padding: .6em 1em; border-left: .4em solid #54a24b; background: #eef6ec }
.verdict.failed { border-color: #e45756; background: #fceeee }
table { border-collapse: collapse } th, td { padding: .25em .9em; border-bottom: 1px solid #ddd; text-align: left }
td.number, th.number { text-align: right; white-space: nowrap; font-variant-numeric: tabular-nums } td.note { color: #666 }
code, .id { font-family: ui-monospace, monospace; font-size: .9em }
figure { margin: 1em 0 } img { max-width: 100%; border: 1px solid #ccc } figcaption, .small { color: #555; font-size: .9em }
svg { width: 100%; height: auto; font: 11px system-ui, sans-serif }
"""


def buffer_row(buffer):
    ids = []
    for device in ("camera", "gpu", "display"):
        page_id = buffer.get(device, {}).get("page_id", "-")
        ids.append(f'<td class="id">{page_id}</td>')
    same = "yes" if buffer["same_pages"] else "no"
    return (f"<tr><td>{buffer['role']} {buffer['index']}</td>{''.join(ids)}"
            f'<td>{same}</td><td class="note">{html.escape(buffer["known_by"])}</td></tr>')


def buffers_table(report):
    return ("<table><tr><th>buffer</th><th>camera's pages</th><th>GPU's pages</th><th>display's pages</th>"
            "<th>same</th><th>how that is known</th></tr>" + "\n".join(map(buffer_row, report["buffers"])) + "</table>")


def versions_list(report):
    items = dict(report["versions"])
    for role, device in report["devices"].items():
        items[f"{role} {device['path']}"] = f"{device['driver']} {device['version']}"
    return "<p class=\"small\">" + "<br>".join(
        f"{html.escape(key)}: {html.escape(value)}" for key, value in items.items()) + "</p>"


def picture(path, caption):
    with open(path, "rb") as file:
        data = base64.b64encode(file.read()).decode()
    return f'<figure><img alt="" src="data:image/png;base64,{data}"><figcaption>{html.escape(caption)}</figcaption></figure>'


def cable_note(report):
    if report["devices"]["display"]["driver"] != "virtio_gpu":
        return ""
    return ("<p>After each flip virtio-gpu transfers the frame out of the guest's memory to QEMU's window. That is the "
            "emulated cable between graphics card and monitor, not a copy of this pipeline, and is not counted.</p>")


def verdict(report):
    if report["proven"]:
        text = "Every frame on the screen was the one that the camera made"
        text += "." if report["copied"] else ", in the memory where it was made or converted. No CPU copied a byte."
        return f'<p class="verdict">{text}</p>'
    return f'<p class="verdict failed">Not proven: {html.escape(report["complaint"])}</p>'


def page(report, copy, buffers, args):
    reports = [report] + ([copy] if copy else [])
    setup = (f"route <b>{report['route']}</b>, {report['width']}x{report['height']} {report['format']} "
             f"at {report['camera_fps']:g} frames per second")
    parts = [f"<h1>Camera to display</h1><p>{setup}</p>", verdict(report)]
    if args.picture:
        parts.append(picture(args.picture, args.caption))
    parts += ["<h2>Figures</h2>", figures.comparison_table(report, copy), cable_note(report)]
    parts += [f"<h2>Some frames on their way</h2><p>A flip is queued as soon as the GPU's job is: the kernel starts "
              f"it when the job's fence signals, where the arrow ends.</p>{timeline.legend(reports)}", timeline.drawing(report)]
    if copy:
        parts += ["<h3>With --copy</h3>", timeline.drawing(copy)]
    if buffers:
        parts += ["<h2>Who shares what</h2>", graph.drawing(buffers), graph.complaints(buffers)]
    parts += ["<h2>Buffers</h2><p>Equal page identities are the same physical pages in the same order.</p>",
              buffers_table(report), "<h2>Versions tested</h2>", versions_list(report)]
    return ('<!DOCTYPE html>\n<html lang="en"><head><meta charset="utf-8"><title>Camera to display</title>'
            f"<style>{STYLE}</style></head>\n<body>\n" + "\n".join(parts) + "\n</body></html>\n")
