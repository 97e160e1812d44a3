// SPDX-License-Identifier: GPL-2.0 OR MIT
/*
 * Devices of drivers that have no bus: their numbers, those that a module brings along,
 * and the module parameters that say what these are like.
 */
#include <linux/err.h>
#include <linux/export.h>
#include <linux/minmax.h>
#include <linux/platform_device.h>
#include <linux/printk.h>
#include <linux/simbuf.h>
#include <linux/simdev.h>
#include <linux/simdev_devices.h>

#include "simbuf_internal.h"

/**
 * simdev_device_register - plug a device in
 * @devices: the driver's devices.
 * @config: the device's platform data; copied.
 * @size: bytes of it.
 *
 * Return: the device, to be unplugged with simdev_device_unregister(), or an error
 * pointer. The driver may have refused it nevertheless.
 */
struct platform_device *simdev_device_register(struct simdev_devices *devices,
					       const void *config, size_t size)
{
	struct platform_device *device;
	int id = ida_alloc(&devices->ids, GFP_KERNEL);

	if (id < 0)
		return ERR_PTR(id);

	device = platform_device_register_data(NULL, devices->driver, id, config, size);
	if (IS_ERR(device))
		ida_free(&devices->ids, id);
	return device;
}
EXPORT_SYMBOL_NS_GPL(simdev_device_register, "SIMBUF");

/**
 * simdev_device_unregister - unplug a device
 * @devices: the driver's devices.
 * @device: the device.
 *
 * Whoever has it open keeps files, buffers and mappings, but no hardware.
 */
void simdev_device_unregister(struct simdev_devices *devices, struct platform_device *device)
{
	int id = device->id;

	platform_device_unregister(device);
	ida_free(&devices->ids, id);
}
EXPORT_SYMBOL_NS_GPL(simdev_device_unregister, "SIMBUF");

/**
 * simdev_devices_plug - make the devices that a module brings along
 * @devices: the driver's devices, none yet. The driver is registered.
 * @count: what the parameter "devices" says. 0: all are made later, in configfs.
 *
 * To be called from the module's init function.
 *
 * Return: 0; -EINVAL when they are too many; or the error of &simdev_devices.plug,
 * and then none is left.
 */
int simdev_devices_plug(struct simdev_devices *devices, unsigned int count)
{
	struct platform_device *device;

	if (count > SIMDEV_MAX_DEVICES) {
		pr_err("%s: devices=%u: at most %d\n", devices->driver, count,
		       SIMDEV_MAX_DEVICES);
		return -EINVAL;
	}
	while (devices->num_brought < count) {
		device = devices->plug(devices->num_brought);
		if (IS_ERR(device)) {
			simdev_devices_unplug(devices);
			return PTR_ERR(device);
		}
		devices->brought[devices->num_brought++] = device;
	}
	return 0;
}
EXPORT_SYMBOL_NS_GPL(simdev_devices_plug, "SIMBUF");

/**
 * simdev_devices_unplug - undo simdev_devices_plug()
 * @devices: the driver's devices. Those of configfs are not among them.
 */
void simdev_devices_unplug(struct simdev_devices *devices)
{
	while (devices->num_brought)
		simdev_device_unregister(devices, devices->brought[--devices->num_brought]);
}
EXPORT_SYMBOL_NS_GPL(simdev_devices_unplug, "SIMBUF");

/**
 * simdev_list_index - which value of a list is a device's
 * @count: values that there are. Without any it is the first: the default.
 * @number: of the device.
 *
 * Return: an index; the last one for all devices for which there is none of their own.
 */
unsigned int simdev_list_index(unsigned int count, unsigned int number)
{
	return count ? min(number, count - 1) : 0;
}
EXPORT_SYMBOL_NS_GPL(simdev_list_index, "SIMBUF");

/**
 * simdev_list_value - which text of a module parameter's list is a device's
 * @list: the parameter.
 * @number: of the device.
 *
 * Return: the text, which belongs to @list; see simdev_list_index().
 */
const char *simdev_list_value(const struct simdev_list *list, unsigned int number)
{
	return list->values[simdev_list_index(list->count, number)];
}
EXPORT_SYMBOL_NS_GPL(simdev_list_value, "SIMBUF");

/**
 * simdev_list_model - the model that a parameter names
 * @devices: the driver's devices, for the message.
 * @parameter: its name, likewise.
 * @list: its values.
 * @number: of the device.
 * @model: out: the model.
 *
 * Return: 0, or -EINVAL when there is no profile of that name; the log says so.
 */
int simdev_list_model(const struct simdev_devices *devices, const char *parameter,
		      const struct simdev_list *list, unsigned int number,
		      struct simdev_model *model)
{
	const char *name = simdev_list_value(list, number);
	int ret = simdev_model_get(name, model);

	if (ret)
		pr_err("%s: %s=%s: no such profile; /sys/kernel/debug/simbuf/profiles lists them\n",
		       devices->driver, parameter, name);
	return ret;
}
EXPORT_SYMBOL_NS_GPL(simdev_list_model, "SIMBUF");

/**
 * simdev_list_policy - the policy that the parameter "policy" names
 * @devices: the driver's devices, for the message.
 * @list: its values.
 * @number: of the device.
 *
 * Return: the policy, or %NULL when there is none of that name; the log says so.
 */
const struct simbuf_policy *simdev_list_policy(const struct simdev_devices *devices,
					       const struct simdev_list *list,
					       unsigned int number)
{
	const char *name = simdev_list_value(list, number);
	const struct simbuf_policy *policy = simbuf_policy_find(name);

	if (!policy)
		pr_err("%s: policy=%s: must be late or early\n", devices->driver, name);
	return policy;
}
EXPORT_SYMBOL_NS_GPL(simdev_list_policy, "SIMBUF");
