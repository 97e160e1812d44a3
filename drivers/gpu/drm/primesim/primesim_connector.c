// SPDX-License-Identifier: GPL-2.0 OR MIT
/*
 * The virtual connector, with a monitor that is always there.
 */
#include <drm/drm_atomic_state_helper.h>
#include <drm/drm_connector.h>
#include <drm/drm_encoder.h>
#include <drm/drm_managed.h>
#include <drm/drm_modeset_helper_vtables.h>
#include <drm/drm_probe_helper.h>

#include "primesim_edid.h"
#include "primesim_kms.h"

static int primesim_connector_get_modes(struct drm_connector *connector)
{
	const struct drm_edid *drm_edid;
	struct edid edid;
	int count;

	primesim_edid_build(&edid);
	drm_edid = drm_edid_alloc(&edid, sizeof(edid));
	drm_edid_connector_update(connector, drm_edid);
	count = drm_edid_connector_add_modes(connector);
	drm_edid_free(drm_edid);
	return count;
}

static const struct drm_connector_helper_funcs primesim_connector_helper_funcs = {
	.get_modes = primesim_connector_get_modes,
};

static const struct drm_connector_funcs primesim_connector_funcs = {
	.fill_modes = drm_helper_probe_single_connector_modes,
	.reset = drm_atomic_helper_connector_reset,
	.atomic_duplicate_state = drm_atomic_helper_connector_duplicate_state,
	.atomic_destroy_state = drm_atomic_helper_connector_destroy_state,
};

/**
 * primesim_connector_create - create the connector and the encoder before it
 * @dev: the device that releases both.
 * @crtc: the CRTC they show.
 */
int primesim_connector_create(struct drm_device *dev, struct drm_crtc *crtc)
{
	struct drm_connector *connector;
	struct drm_encoder *encoder;
	int ret;

	encoder = drmm_plain_encoder_alloc(dev, NULL, DRM_MODE_ENCODER_VIRTUAL, NULL);
	if (IS_ERR(encoder))
		return PTR_ERR(encoder);
	encoder->possible_crtcs = drm_crtc_mask(crtc);

	connector = drmm_kzalloc(dev, sizeof(*connector), GFP_KERNEL);
	if (!connector)
		return -ENOMEM;

	ret = drmm_connector_init(dev, connector, &primesim_connector_funcs,
				  DRM_MODE_CONNECTOR_VIRTUAL, NULL);
	if (ret)
		return ret;

	/* Virtual connectors have none by default. */
	drm_connector_attach_edid_property(connector);
	drm_connector_helper_add(connector, &primesim_connector_helper_funcs);
	return drm_connector_attach_encoder(connector, encoder);
}
