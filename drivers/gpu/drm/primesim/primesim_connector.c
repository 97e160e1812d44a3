// SPDX-License-Identifier: GPL-2.0 OR MIT
/*
 * The connector of a monitor.
 */
#include <linux/bits.h>
#include <linux/cleanup.h>
#include <linux/platform_device.h>

#include <drm/drm_atomic_state_helper.h>
#include <drm/drm_connector.h>
#include <drm/drm_encoder.h>
#include <drm/drm_managed.h>
#include <drm/drm_modeset_helper_vtables.h>
#include <drm/drm_probe_helper.h>

#include "primesim_connector.h"
#include "primesim_drv.h"
#include "primesim_edid.h"

static struct primesim_connector *to_primesim_connector(struct drm_connector *connector)
{
	return container_of(connector, struct primesim_connector, base);
}

static const struct drm_edid *primesim_connector_read_edid(struct primesim_connector *pconnector)
{
	const struct primesim_monitor *monitor = &pconnector->monitor;
	u8 own[PRIMESIM_EDID_SIZE];

	guard(mutex)(&pconnector->lock);
	if (monitor->edid_size)
		return drm_edid_alloc(monitor->edid, monitor->edid_size);
	primesim_edid_build(own);
	return drm_edid_alloc(own, sizeof(own));
}

static int primesim_connector_get_modes(struct drm_connector *connector)
{
	struct primesim_connector *pconnector = to_primesim_connector(connector);
	const struct drm_edid *edid = primesim_connector_read_edid(pconnector);
	const struct drm_monitor_range_info *range = &connector->display_info.monitor_range;
	int count;

	drm_edid_connector_update(connector, edid);
	count = drm_edid_connector_add_modes(connector);
	drm_edid_free(edid);
	drm_connector_set_vrr_capable_property(connector, range->min_vfreq &&
					       range->min_vfreq < range->max_vfreq);
	return count;
}

static enum drm_connector_status primesim_connector_detect(struct drm_connector *connector,
							   bool force)
{
	struct primesim_connector *pconnector = to_primesim_connector(connector);

	guard(mutex)(&pconnector->lock);
	return pconnector->monitor.connected ? connector_status_connected :
					       connector_status_disconnected;
}

static const struct drm_connector_helper_funcs primesim_connector_helper_funcs = {
	.get_modes = primesim_connector_get_modes,
};

static const struct drm_connector_funcs primesim_connector_funcs = {
	.detect = primesim_connector_detect,
	.fill_modes = drm_helper_probe_single_connector_modes,
	.reset = drm_atomic_helper_connector_reset,
	.atomic_duplicate_state = drm_atomic_helper_connector_duplicate_state,
	.atomic_destroy_state = drm_atomic_helper_connector_destroy_state,
};

/**
 * primesim_connector_create - create the connector and the encoder before it
 * @dev: the device that releases both, with all of its CRTCs: they can show any of these.
 *
 * A monitor of our own is plugged in.
 *
 * Return: 0 or an error.
 */
int primesim_connector_create(struct drm_device *dev)
{
	struct primesim_connector *pconnector;
	struct drm_encoder *encoder;
	int ret;

	encoder = drmm_plain_encoder_alloc(dev, NULL, DRM_MODE_ENCODER_VIRTUAL, NULL);
	if (IS_ERR(encoder))
		return PTR_ERR(encoder);
	encoder->possible_crtcs = GENMASK(dev->mode_config.num_crtc - 1, 0);

	pconnector = drmm_kzalloc(dev, sizeof(*pconnector), GFP_KERNEL);
	if (!pconnector)
		return -ENOMEM;
	ret = drmm_mutex_init(dev, &pconnector->lock);
	if (ret)
		return ret;
	pconnector->monitor.connected = true;

	ret = drmm_connector_init(dev, &pconnector->base, &primesim_connector_funcs,
				  DRM_MODE_CONNECTOR_VIRTUAL, NULL);
	if (ret)
		return ret;

	/* Virtual connectors have none by default. */
	drm_connector_attach_edid_property(&pconnector->base);
	ret = drm_connector_attach_vrr_capable_property(&pconnector->base);
	if (ret)
		return ret;
	pconnector->base.polled = DRM_CONNECTOR_POLL_HPD;
	drm_connector_helper_add(&pconnector->base, &primesim_connector_helper_funcs);
	return drm_connector_attach_encoder(&pconnector->base, encoder);
}

/* Monitor @index's connector, with a reference; NULL when there is none. */
static struct drm_connector *primesim_connector_find(struct drm_device *dev, unsigned int index)
{
	struct drm_connector_list_iter iter;
	struct drm_connector *connector;

	drm_connector_list_iter_begin(dev, &iter);
	drm_for_each_connector_iter(connector, &iter)
		if (connector->connector_type != DRM_MODE_CONNECTOR_WRITEBACK && !index--) {
			drm_connector_get(connector);
			break;
		}
	drm_connector_list_iter_end(&iter);
	return connector;
}

/* What happens to a monitor. The connector is there, as its device is. */
typedef void (*primesim_monitor_event_fn)(struct primesim_connector *pconnector,
					  const struct primesim_monitor *monitor);

/*
 * Lets @event happen and tells userspace. The lock of @parent keeps the driver bound
 * meanwhile.
 */
static int primesim_monitor_event(struct platform_device *parent, unsigned int index,
				  primesim_monitor_event_fn event,
				  const struct primesim_monitor *monitor)
{
	struct primesim_device *pdev;
	struct drm_connector *connector;

	guard(device)(&parent->dev);
	pdev = platform_get_drvdata(parent);
	if (!pdev || !pdev->display)
		return -ENODEV;
	connector = primesim_connector_find(&pdev->base, index);
	if (!connector)
		return -ENODEV;

	event(to_primesim_connector(connector), monitor);
	drm_kms_helper_connector_hotplug_event(connector);
	drm_connector_put(connector);
	return 0;
}

static void primesim_monitor_set(struct primesim_connector *pconnector,
				 const struct primesim_monitor *monitor)
{
	guard(mutex)(&pconnector->lock);
	pconnector->monitor = *monitor;
}

/**
 * primesim_monitor_replace - plug another monitor in, or none
 * @parent: the device.
 * @index: of the connector, among those of monitors.
 * @monitor: what is plugged in from now on; copied.
 *
 * Returns: 0, or -ENODEV when there is no such connector.
 */
int primesim_monitor_replace(struct platform_device *parent, unsigned int index,
			     const struct primesim_monitor *monitor)
{
	return primesim_monitor_event(parent, index, primesim_monitor_set, monitor);
}

static void primesim_monitor_set_bad(struct primesim_connector *pconnector,
				     const struct primesim_monitor *monitor)
{
	drm_connector_set_link_status_property(&pconnector->base, DRM_MODE_LINK_STATUS_BAD);
}

/**
 * primesim_monitor_fail_link - a monitor's link is too bad for its mode
 * @parent: the device.
 * @index: of the connector, among those of monitors.
 *
 * The property "link-status" says so until userspace sets a mode again.
 *
 * Returns: 0, or -ENODEV when there is no such connector.
 */
int primesim_monitor_fail_link(struct platform_device *parent, unsigned int index)
{
	return primesim_monitor_event(parent, index, primesim_monitor_set_bad, NULL);
}
